// The flows' hand in Playwright: locators by role and label, which wait by themselves.
export function playwrightHand(page, other) {
  const control = name => page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true })).first();
  return {
    go: address => page.goto(address),
    click: name => control(name).click(),
    fill: (label, text) => page.getByLabel(label, { exact: true }).fill(text),
    choose: (label, option) => page.getByLabel(label, { exact: true }).selectOption({ label: option }),
    back: () => page.goBack(),
    see: name => control(name).waitFor(),
    cookies: cookies => page.context().addCookies(cookies),
    other,
  };
}
