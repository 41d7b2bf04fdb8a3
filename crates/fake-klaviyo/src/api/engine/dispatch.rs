//! Performs an admitted request by the kind of its operation.

use hyper::http::StatusCode;

use crate::model::account::Account;

use crate::api::context::{OperationContext, OperationResult};
use crate::api::engine::{bulk_jobs, clones, generic, relationships, reports};
use crate::api::errors::ApiError;
use crate::api::query::{fields, inclusion};
use crate::api::resources::{
    accounts, campaign_schedules, campaigns, client_api, events, forms, lists, metrics, profile_actions, profiles,
    schema_relationships, templates,
};
use crate::api::spec::operation_kind::{OperationKind, operation_kind};

/// Performs the operation, then applies `include`, `additional-fields` and `fields` to the response.
pub(crate) fn perform(mut context: OperationContext<'_>, account: &Account) -> OperationResult {
    let (status, mut body) = run(&mut context, account)?;
    if let Some(body) = &mut body {
        inclusion::include(&context, body);
        fields::additional(&context, body);
        fields::of_revision(context.revision, body);
        fields::sparse(context.request, body);
    }
    Ok((status, body))
}

fn run(context: &mut OperationContext<'_>, account: &Account) -> OperationResult {
    let body = match operation_kind(context.operation) {
        OperationKind::Custom => return custom(context, account),
        OperationKind::List => generic::list(context)?,
        OperationKind::Read => generic::read(context)?,
        OperationKind::Create => generic::create(context)?,
        OperationKind::Update => {
            let body = generic::update(context)?;
            // Some types respond to an update without a body (P).
            return if context.operation.success == StatusCode::NO_CONTENT {
                context.no_body()
            } else {
                context.with_body(body)
            };
        }
        OperationKind::Delete => return generic::delete(context).and_then(|()| context.no_body()),
        OperationKind::ReadRelated => relationships::related(context)?,
        OperationKind::ReadReferences => relationships::references(context)?,
        OperationKind::AddRelated => return relationships::add(context).and_then(|()| context.no_body()),
        OperationKind::ReplaceRelated => return relationships::replace(context).and_then(|()| context.no_body()),
        OperationKind::RemoveRelated => return relationships::remove(context).and_then(|()| context.no_body()),
        OperationKind::BulkJob => return bulk_jobs::run(context),
        OperationKind::Report => reports::report(context)?,
        OperationKind::Accepted => return reports::accepted(context),
        OperationKind::NotModelled => return Err(ApiError::mock_gap(context.operation.id)),
    };
    context.with_body(body)
}

/// Performs an operation that has code of its own.
fn custom(context: &mut OperationContext<'_>, account: &Account) -> OperationResult {
    let (request, base, now_ms) = (context.request, context.base, context.now_ms);
    let id = context.id.clone();
    let body = match context.operation.id {
        "get_accounts" => accounts::get_accounts(account, base),
        "get_account" => accounts::get_account(account, base, &id)?,
        "get_profiles" => profiles::get_profiles(context.records, request, base)?,
        "get_profile" => profiles::get_profile(context.records, base, &id)?,
        "create_profile" => profiles::create_profile(context.records, request, base, now_ms)?,
        "update_profile" => profiles::update_profile(context.records, request, base, &id, now_ms)?,
        "create_or_update_profile" => {
            let (made, body) = profiles::create_or_update_profile(context.records, request, base, now_ms)?;
            return Ok((if made { StatusCode::CREATED } else { StatusCode::OK }, Some(body)));
        }
        "merge_profiles" => profile_actions::merge_profiles(context)?,
        "request_profile_deletion" => {
            return profile_actions::request_deletion(context).and_then(|()| context.no_body());
        }
        "get_events" => events::get_events(context.records, request, base)?,
        "get_event" => events::get_event(context.records, base, &id)?,
        "create_event" => {
            return events::create_event(context.records, request, now_ms).and_then(|()| context.no_body());
        }
        "bulk_create_events" => {
            return events::bulk_create_events(context.records, request, now_ms).and_then(|()| context.no_body());
        }
        "get_metrics" => metrics::get_metrics(context.records, request, base)?,
        "get_metric" => metrics::get_metric(context.records, base, &id)?,
        "get_lists" => lists::get_lists(context.records, request, base)?,
        "get_list" => lists::get_list(context.records, base, &id)?,
        "create_list" => lists::create_list(context.records, request, base, now_ms)?,
        "update_list" => lists::update_list(context.records, request, base, &id, now_ms)?,
        "add_profiles_to_list" => {
            return lists::add_profiles_to_list(context.records, request, &id).and_then(|()| context.no_body());
        }
        "get_profiles_for_list" => lists::get_profiles_for_list(context.records, request, base, &id)?,
        "clone_campaign" => campaigns::clone(context)?,
        "assign_template_to_campaign_message" => campaigns::assign_template(context)?,
        "send_campaign" => campaigns::send(context)?,
        "cancel_campaign_send" => return campaigns::cancel(context).and_then(|()| context.no_body()),
        "refresh_campaign_recipient_estimation" => campaigns::estimate(context)?,
        "clone_template" => clones::clone(context, "template")?,
        "clone_universal_content" => clones::clone(context, "template-universal-content")?,
        "clone_campaign_audience" => clones::clone(context, "campaign-audience")?,
        "clone_campaign_message" => clones::clone(context, "campaign-message")?,
        "schedule_campaign" => campaign_schedules::schedule_campaign(context)?,
        "schedule_campaign_message" => campaign_schedules::schedule_message(context)?,
        "update_campaign_message_schedule" => {
            return campaign_schedules::change_message_schedule(context).and_then(|()| context.no_body());
        }
        "publish_form" => forms::publish(context, "form-publish-job", "live")?,
        "unpublish_form" => forms::publish(context, "form-unpublish-job", "draft")?,
        "create_template_preview_send_job" => generic::create_a(context, "template-preview-send-job")?,
        "create_object_schema_relationship" | "create_profile_schema_relationship" => {
            return schema_relationships::create(context).and_then(|()| context.no_body());
        }
        "update_object_schema_relationship" | "update_profile_schema_relationship" => {
            return schema_relationships::update(context).and_then(|()| context.no_body());
        }
        "render_template" => templates::render(context)?,
        "upload_image_from_file" => templates::upload_image(context)?,
        "create_push_token" => return profile_actions::create_push_token(context).and_then(|()| context.no_body()),
        "create_conversation_message" => {
            return profile_actions::write_message(context).and_then(|()| context.no_body());
        }
        "create_data_source_record" => return profile_actions::take_record(context).and_then(|()| context.no_body()),
        _ => return client_api::perform(context),
    };
    context.with_body(body)
}
