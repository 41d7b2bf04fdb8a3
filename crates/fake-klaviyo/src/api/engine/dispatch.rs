//! Has an admitted call done, by what its operation does.

use hyper::http::StatusCode;

use crate::model::account::Account;

use crate::api::context::{Done, Task};
use crate::api::engine::{bulk_jobs, generic, relationships, reports};
use crate::api::errors::ApiError;
use crate::api::query::{fields, inclusion};
use crate::api::resources::{
    accounts, campaigns, client_api, events, lists, metrics, profile_actions, profiles, templates,
};
use crate::api::spec::operation_kind::{Deed, deed};

/// Does it, and leaves in the answer only the fields that were asked for.
pub(crate) fn perform(mut task: Task<'_>, account: &Account) -> Done {
    let (status, mut body) = done(&mut task, account)?;
    if let Some(body) = &mut body {
        inclusion::include(&task, body);
        fields::additional(&task, body);
        fields::sparse(task.call, body);
    }
    Ok((status, body))
}

fn done(task: &mut Task<'_>, account: &Account) -> Done {
    let body = match deed(task.operation) {
        Deed::Own => return own(task, account),
        Deed::List => generic::list(task)?,
        Deed::Read => generic::read(task)?,
        Deed::Create => generic::create(task)?,
        Deed::Change => {
            let body = generic::change(task)?;
            // Some types answer a change with nothing (P).
            return if task.operation.success == StatusCode::NO_CONTENT { task.silent() } else { task.with(body) };
        }
        Deed::Delete => return generic::delete(task).and_then(|()| task.silent()),
        Deed::Related => relationships::related(task)?,
        Deed::References => relationships::references(task)?,
        Deed::Tie => return relationships::tie(task).and_then(|()| task.silent()),
        Deed::Replace => return relationships::replace(task).and_then(|()| task.silent()),
        Deed::Untie => return relationships::untie(task).and_then(|()| task.silent()),
        Deed::Bulk => return bulk_jobs::run(task),
        Deed::Report => reports::report(task)?,
        Deed::Taken => return reports::taken(task),
        Deed::Gap => return Err(ApiError::mock_gap(task.operation.id)),
    };
    task.with(body)
}

/// Operations that have code of their own.
fn own(task: &mut Task<'_>, account: &Account) -> Done {
    let (call, base, now_ms) = (task.call, task.base, task.now_ms);
    let id = task.id.clone();
    let body = match task.operation.id {
        "get_accounts" => accounts::get_accounts(account, base),
        "get_account" => accounts::get_account(account, base, &id)?,
        "get_profiles" => profiles::get_profiles(task.shelf, call, base)?,
        "get_profile" => profiles::get_profile(task.shelf, base, &id)?,
        "create_profile" => profiles::create_profile(task.shelf, call, base, now_ms)?,
        "update_profile" => profiles::update_profile(task.shelf, call, base, &id, now_ms)?,
        "create_or_update_profile" => {
            let (made, body) = profiles::create_or_update_profile(task.shelf, call, base, now_ms)?;
            return Ok((if made { StatusCode::CREATED } else { StatusCode::OK }, Some(body)));
        }
        "merge_profiles" => profile_actions::merge_profiles(task)?,
        "request_profile_deletion" => return profile_actions::request_deletion(task).and_then(|()| task.silent()),
        "get_events" => events::get_events(task.shelf, call, base)?,
        "get_event" => events::get_event(task.shelf, base, &id)?,
        "create_event" => return events::create_event(task.shelf, call, now_ms).and_then(|()| task.silent()),
        "bulk_create_events" => {
            return events::bulk_create_events(task.shelf, call, now_ms).and_then(|()| task.silent());
        }
        "get_metrics" => metrics::get_metrics(task.shelf, call, base)?,
        "get_metric" => metrics::get_metric(task.shelf, base, &id)?,
        "get_lists" => lists::get_lists(task.shelf, call, base)?,
        "get_list" => lists::get_list(task.shelf, base, &id)?,
        "create_list" => lists::create_list(task.shelf, call, base, now_ms)?,
        "update_list" => lists::update_list(task.shelf, call, base, &id, now_ms)?,
        "add_profiles_to_list" => {
            return lists::add_profiles_to_list(task.shelf, call, &id).and_then(|()| task.silent());
        }
        "get_profiles_for_list" => lists::get_profiles_for_list(task.shelf, call, base, &id)?,
        "create_campaign_clone" => campaigns::clone(task)?,
        "assign_template_to_campaign_message" => campaigns::assign_template(task)?,
        "send_campaign" => campaigns::send(task)?,
        "cancel_campaign_send" => return campaigns::cancel(task).and_then(|()| task.silent()),
        "refresh_campaign_recipient_estimation" => campaigns::estimate(task)?,
        "clone_template" => templates::clone(task)?,
        "render_template" => templates::render(task)?,
        "upload_image_from_file" => templates::upload_image(task)?,
        "create_push_token" => return profile_actions::create_push_token(task).and_then(|()| task.silent()),
        "create_conversation_message" => return profile_actions::write_message(task).and_then(|()| task.silent()),
        "create_data_source_record" => return profile_actions::take_record(task).and_then(|()| task.silent()),
        _ => return client_api::own(task),
    };
    task.with(body)
}
