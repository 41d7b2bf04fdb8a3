// What apps do most, by Klaviyo's SDK for Node: one flow a subject, each on resources of its own.
//
//     node flows.mjs ACCESS_TOKEN

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const sdk = createRequire(new URL('../../../fixtures/node/', import.meta.url))('klaviyo-api');
const session = new sdk.OAuthBasicSession(process.argv[2]);
const api = (name) => new sdk[`${name}Api`](session);

const ids = ({ data }) => data.map(({ id }) => id);
const one = (type, attributes, relationships) => ({ data: { type, attributes, relationships } });
const change = (type, id, attributes) => ({ data: { type, id, attributes } });
const refer = (type, ...all) => ({ data: all.map((id) => ({ type, id })) });
const gone = (call) => assert.rejects(call, (error) => error.response.status === 404);
const newProfile = async (email) => (await api('Profiles').createProfile(one('profile', { email }))).body.data.id;
const newList = async (name) => (await api('Lists').createList(one('list', { name }))).body.data.id;

const flows = {
  async profiles() {
    const profiles = api('Profiles');
    const attributes = { email: 'profile@shoppers.example', firstName: 'First', properties: { points: 3 } };
    const { id } = (await profiles.createProfile(one('profile', attributes))).body.data;
    const { body } = await profiles.getProfile(id);
    assert.equal(body.data.attributes.email, 'profile@shoppers.example');
    assert.equal(body.data.attributes.firstName, 'First');
    assert.equal(body.data.attributes.properties.points, 3);
    assert.ok(body.data.attributes.created instanceof Date);
    await profiles.updateProfile(id, change('profile', id, { lastName: 'Last' }));
    const found = await profiles.getProfiles({ filter: 'equals(email,"profile@shoppers.example")' });
    assert.deepEqual(ids(found.body), [id]);
    assert.equal(found.body.data[0].attributes.lastName, 'Last');
    const upserted = await profiles.createOrUpdateProfile(one('profile', { email: 'profile@shoppers.example', firstName: 'Other' }));
    assert.equal(upserted.body.data.id, id);
    await assert.rejects(profiles.createProfile(one('profile', attributes)), ({ response }) => {
      assert.equal(response.status, 409);
      assert.equal(response.data.errors[0].meta.duplicate_profile_id, id);
      return true;
    });
  },

  async lists() {
    const lists = api('Lists');
    const id = await newList('Newsletter');
    const profile = await newProfile('member@shoppers.example');
    await lists.addProfilesToList(id, refer('profile', profile));
    const members = await lists.getProfilesForList(id);
    assert.deepEqual(ids(members.body), [profile]);
    assert.ok(members.body.data[0].attributes.joinedGroupAt instanceof Date);
    assert.deepEqual(ids((await lists.getProfileIdsForList(id)).body), [profile]);
    await lists.updateList(id, change('list', id, { name: 'News' }));
    assert.equal((await lists.getList(id)).body.data.attributes.name, 'News');
    await lists.removeProfilesFromList(id, refer('profile', profile));
    assert.deepEqual(ids((await lists.getProfilesForList(id)).body), []);
    for (let number = 0; number < 12; number += 1) await newList(`Page ${number}`);
    const first = (await lists.getLists({ sort: 'name' })).body;
    const second = (await lists.getLists({ sort: 'name', pageCursor: first.links.next })).body;
    assert.ok(second.data.length > 0);
    assert.equal(ids(first).filter((known) => ids(second).includes(known)).length, 0);
    await lists.deleteList(id);
    await gone(lists.getList(id));
  },

  async events() {
    const events = api('Events');
    const profile = { data: { type: 'profile', attributes: { email: 'buyer@shoppers.example' } } };
    const metric = { data: { type: 'metric', attributes: { name: 'Bought shoes' } } };
    const time = new Date('2026-11-01T12:00:00Z');
    await events.createEvent(one('event', { properties: { size: 42 }, value: 80, uniqueId: 'order-1', time, metric, profile }));
    const [buyer] = (await api('Profiles').getProfiles({ filter: 'equals(email,"buyer@shoppers.example")' })).body.data;
    const found = (await events.getEvents({ filter: `equals(profile_id,"${buyer.id}")`, include: ['metric'] })).body;
    assert.equal(found.data.length, 1);
    assert.equal(found.data[0].attributes.eventProperties.size, 42);
    assert.equal(found.data[0].attributes.datetime.getTime(), time.getTime());
    assert.equal(found.included[0].attributes.name, 'Bought shoes');
    assert.equal((await events.getProfileForEvent(found.data[0].id)).body.data.id, buyer.id);
  },

  async metrics() {
    const metrics = api('Metrics');
    const profile = { data: { type: 'profile', attributes: { email: 'reader@shoppers.example' } } };
    const metric = { data: { type: 'metric', attributes: { name: 'Read a review' } } };
    await api('Events').createEvent(one('event', { properties: {}, metric, profile }));
    const { data } = (await metrics.getMetrics()).body;
    const { id } = data.find(({ attributes }) => attributes.name === 'Read a review');
    assert.equal((await metrics.getMetric(id)).body.data.attributes.name, 'Read a review');
    const filter = ['greater-or-equal(datetime,2026-01-01T00:00:00)', 'less-than(datetime,2026-12-31T00:00:00)'];
    const query = one('metric-aggregate', { metricId: id, measurements: ['count'], filter });
    const { attributes } = (await metrics.queryMetricAggregates(query)).body.data;
    // The fake Klaviyo counts nothing: it only answers in the form of Klaviyo.
    assert.ok(Array.isArray(attributes.dates) && Array.isArray(attributes.data));
  },

  async segments() {
    const segments = api('Segments');
    const condition = { type: 'profile-property', property: "properties['points']", filter: { type: 'numeric', operator: 'greater-than', value: 2 } };
    const definition = { conditionGroups: [{ conditions: [condition] }] };
    const { id } = (await segments.createSegment(one('segment', { name: 'Fans', definition }))).body.data;
    assert.equal((await segments.getSegment(id)).body.data.attributes.name, 'Fans');
    await segments.updateSegment(id, change('segment', id, { name: 'Great fans' }));
    assert.deepEqual(ids((await segments.getSegments({ filter: 'equals(name,"Great fans")' })).body), [id]);
    assert.deepEqual(ids((await segments.getProfilesForSegment(id)).body), []);
    await segments.deleteSegment(id);
    await gone(segments.getSegment(id));
  },

  async tags() {
    const tags = api('Tags');
    const group = (await tags.createTagGroup(one('tag-group', { name: 'Seasons' }))).body.data.id;
    const relationships = { tagGroup: { data: { type: 'tag-group', id: group } } };
    const { id } = (await tags.createTag(one('tag', { name: 'Spring' }, relationships))).body.data;
    assert.equal((await tags.getTagGroupForTag(id)).body.data.id, group);
    const list = await newList('Spring list');
    await tags.tagLists(id, refer('list', list));
    assert.deepEqual(ids((await tags.getListIdsForTag(id)).body), [list]);
    assert.deepEqual(ids((await api('Lists').getTagsForList(list)).body), [id]);
    await tags.removeTagFromLists(id, refer('list', list));
    assert.deepEqual(ids((await tags.getListIdsForTag(id)).body), []);
    await tags.updateTag(id, change('tag', id, { name: 'Early spring' }));
    assert.equal((await tags.getTag(id)).body.data.attributes.name, 'Early spring');
    await tags.deleteTag(id);
    await gone(tags.getTag(id));
  },

  async templates() {
    const templates = api('Templates');
    const attributes = { name: 'Hello', editorType: 'CODE', html: '<p>Hello {{ name }}</p>', text: 'Hello {{ name }}' };
    const { id } = (await templates.createTemplate(one('template', attributes))).body.data;
    assert.equal((await templates.getTemplate(id)).body.data.attributes.html, attributes.html);
    const render = { data: { type: 'template', id, attributes: { context: { name: 'you' } } } };
    assert.match((await templates.renderTemplate(render)).body.data.attributes.html, /Hello/);
    const clone = (await templates.cloneTemplate({ data: { type: 'template', id, attributes: { name: 'Copy' } } })).body.data;
    assert.notEqual(clone.id, id);
    await templates.updateTemplate(id, change('template', id, { name: 'Good day' }));
    assert.ok(ids((await templates.getTemplates()).body).includes(clone.id));
    await templates.deleteTemplate(id);
    await gone(templates.getTemplate(id));
  },

  async campaigns() {
    const campaigns = api('Campaigns');
    const content = { subject: 'Sale', previewText: 'Today', fromEmail: 'shop@shoppers.example', fromLabel: 'Shop' };
    const definition = { channel: 'email', label: 'The message', content };
    const campaign = one('campaign', {
      name: 'Sale',
      audiences: { included: [await newList('Audience')], excluded: [] },
      campaignMessages: { data: [one('campaign-message', { definition }).data] },
    });
    const { id } = (await campaigns.createCampaign(campaign)).body.data;
    assert.equal((await campaigns.getCampaign(id)).body.data.attributes.name, 'Sale');
    const [message] = (await campaigns.getMessagesForCampaign(id)).body.data;
    const html = { name: 'Sale', editorType: 'CODE', html: '<p>Sale</p>' };
    const template = (await api('Templates').createTemplate(one('template', html))).body.data.id;
    const relationships = { template: { data: { type: 'template', id: template } } };
    await campaigns.assignTemplateToCampaignMessage({ data: { type: 'campaign-message', id: message.id, relationships } });
    assert.equal((await campaigns.getTemplateForCampaignMessage(message.id)).body.data.attributes.html, '<p>Sale</p>');
    assert.equal((await campaigns.sendCampaign({ data: { type: 'campaign-send-job', id } })).response.status, 202);
    assert.equal((await campaigns.getCampaignSendJob(id)).body.data.attributes.status, 'complete');
    const found = (await campaigns.getCampaigns("equals(messages.channel,'email')")).body;
    assert.ok(ids(found).includes(id));
  },

  async catalogs() {
    const catalogs = api('Catalogs');
    const attributes = { externalId: 'SHOE-1', title: 'Shoe', description: 'A shoe', url: 'https://shoppers.example/shoe' };
    const item = (await catalogs.createCatalogItem(one('catalog-item', attributes))).body.data;
    assert.equal(item.id, '$custom:::$default:::SHOE-1');
    const of = { item: { data: { type: 'catalog-item', id: item.id } } };
    const sized = { ...attributes, externalId: 'SHOE-1-42', title: 'Shoe, 42', sku: 'S42', inventoryQuantity: 2, price: 80 };
    const variant = (await catalogs.createCatalogVariant(one('catalog-variant', sized, of))).body.data.id;
    assert.deepEqual(ids((await catalogs.getVariantsForCatalogItem(item.id)).body), [variant]);
    const category = (await catalogs.createCatalogCategory(one('catalog-category', { externalId: 'SHOES', name: 'Shoes' }))).body.data.id;
    await catalogs.addItemsToCatalogCategory(category, refer('catalog-item', item.id));
    assert.deepEqual(ids((await catalogs.getCategoriesForCatalogItem(item.id)).body), [category]);
    await catalogs.updateCatalogItem(item.id, change('catalog-item', item.id, { title: 'Boot' }));
    assert.equal((await catalogs.getCatalogItem(item.id)).body.data.attributes.title, 'Boot');
    const items = { data: [one('catalog-item', { ...attributes, externalId: 'SHOE-2' }).data] };
    const job = (await catalogs.bulkCreateCatalogItems(one('catalog-item-bulk-create-job', { items }))).body.data.id;
    assert.equal((await catalogs.getBulkCreateCatalogItemsJob(job)).body.data.attributes.status, 'complete');
    await catalogs.deleteCatalogVariant(variant);
    await gone(catalogs.getCatalogVariant(variant));
  },

  async coupons() {
    const coupons = api('Coupons');
    const coupon = (await coupons.createCoupon(one('coupon', { externalId: 'TEN', description: 'Ten off' }))).body.data.id;
    assert.equal((await coupons.getCoupon(coupon)).body.data.attributes.description, 'Ten off');
    const of = { coupon: { data: { type: 'coupon', id: coupon } } };
    const code = (await coupons.createCouponCode(one('coupon-code', { uniqueCode: 'TEN-1' }, of))).body.data.id;
    assert.equal((await coupons.getCouponForCouponCode(code)).body.data.id, coupon);
    assert.deepEqual(ids((await coupons.getCouponCodes({ filter: `equals(coupon.id,"${coupon}")` })).body), [code]);
    await coupons.deleteCouponCode(code);
    await gone(coupons.getCouponCode(code));
  },

  async webhooks() {
    const webhooks = api('Webhooks');
    const [topic] = (await webhooks.getWebhookTopics()).body.data;
    const attributes = { name: 'Hook', endpointUrl: 'https://shoppers.example/hook', secretKey: 'a-secret-of-sixteen' };
    const { id } = (await webhooks.createWebhook(one('webhook', attributes, { webhookTopics: refer('webhook-topic', topic.id) }))).body.data;
    const read = (await webhooks.getWebhook(id, { include: ['webhook-topics'] })).body.data;
    assert.equal(read.attributes.name, 'Hook');
    assert.equal(read.attributes.secretKey, undefined);
    await webhooks.updateWebhook(id, change('webhook', id, { enabled: false }));
    assert.equal((await webhooks.getWebhook(id)).body.data.attributes.enabled, false);
    await webhooks.deleteWebhook(id);
    await gone(webhooks.getWebhook(id));
  },
};

let failed = 0;
for (const [name, flow] of Object.entries(flows)) {
  try {
    await flow();
    console.log(`did ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`failed ${name}: ${error.stack}\n${JSON.stringify(error.response?.data ?? '')}`);
  }
}
console.log(`${Object.keys(flows).length - failed} of ${Object.keys(flows).length} flows done`);
