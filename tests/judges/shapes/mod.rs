//! What is right of shapes of apps that no seeded defect has, requirement by requirement.

mod state;
