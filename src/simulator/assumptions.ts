/** What Sage does not document and this simulator lets its user choose. */
export interface Choices {
  /** The order of a list without sort: of creation, or of the last change, oldest first. */
  readonly defaultOrder: 'created' | 'updated';
  readonly unknownParameter: 'ignore' | 'reject';
  readonly sortWhereNotListed: 'ignore' | 'reject';
  /** Whether reading one invoice sets `sent`, and with it updated_at. */
  readonly readingMarksAsSent: 'no' | 'yes';
  /** Whether the v3 API looks at `X-Signature`. */
  readonly legacySignature: 'ignore' | 'require';
  /** How the hub's lists go on: by number, or by the `elements-next-page-token` of each answer. */
  readonly hubPaging: 'page' | 'token';
  /** What the hub answers to a page past the end. */
  readonly hubPastTheEnd: 'empty' | 'last-page';
}

export const defaultChoices: Choices = {
  defaultOrder: 'created',
  unknownParameter: 'ignore',
  sortWhereNotListed: 'ignore',
  readingMarksAsSent: 'no',
  legacySignature: 'ignore',
  hubPaging: 'page',
  hubPastTheEnd: 'empty',
};

/** What each choice can be. */
export const choiceValues: { readonly [Name in keyof Choices]: readonly Choices[Name][] } = {
  defaultOrder: ['created', 'updated'],
  unknownParameter: ['ignore', 'reject'],
  sortWhereNotListed: ['ignore', 'reject'],
  readingMarksAsSent: ['no', 'yes'],
  legacySignature: ['ignore', 'require'],
  hubPaging: ['page', 'token'],
  hubPastTheEnd: ['empty', 'last-page'],
};

export interface Assumption {
  /**
   * `none`: looked for and not found. `inferred`: concluded from what is documented. `simplified`: known, and left out
   * here.
   */
  readonly evidence: 'none' | 'inferred' | 'simplified';
  readonly text: string;
  /** The switch that changes it, where there is one. */
  readonly choice?: keyof Choices;
}

/** Every behaviour of the simulator that no source of Sage's states, with the choices that hold. */
export function listAssumptions(choices: Choices): readonly Assumption[] {
  return [
    { evidence: 'none', choice: 'defaultOrder', text: orderText[choices.defaultOrder] },
    { evidence: 'none', choice: 'unknownParameter', text: unknownText[choices.unknownParameter] },
    { evidence: 'none', choice: 'sortWhereNotListed', text: sortText[choices.sortWhereNotListed] },
    { evidence: 'none', choice: 'readingMarksAsSent', text: sentText[choices.readingMarksAsSent] },
    { evidence: 'simplified', choice: 'legacySignature', text: signatureText[choices.legacySignature] },
    { evidence: 'none', choice: 'hubPaging', text: hubPagingText[choices.hubPaging] },
    { evidence: 'none', choice: 'hubPastTheEnd', text: hubEndText[choices.hubPastTheEnd] },
    ...fixedAssumptions,
  ];
}

const orderText: Readonly<Record<Choices['defaultOrder'], string>> = {
  created: 'a list without sort comes in the order of creation',
  updated: 'a list without sort comes in the order of the last change, oldest first',
};

const unknownText: Readonly<Record<Choices['unknownParameter'], string>> = {
  ignore: 'an unknown query parameter is ignored, so that a misspelt filter reads everything',
  reject: 'an unknown query parameter is answered with 400',
};

const sortText: Readonly<Record<Choices['sortWhereNotListed'], string>> = {
  ignore: 'sort on a list or an attribute that documents none is ignored',
  reject: 'sort on a list or an attribute that documents none is answered with 400',
};

const sentText: Readonly<Record<Choices['readingMarksAsSent'], string>> = {
  no: 'reading one invoice leaves `sent` as it is',
  yes: 'reading one invoice sets `sent` and its updated_at, unless mark_as_sent=false',
};

const signatureText: Readonly<Record<Choices['legacySignature'], string>> = {
  ignore: 'the v3 API does not look at X-Signature, as since November 2017',
  require: 'the v3 API refuses a request without the right X-Signature, as before November 2017',
};

const hubPagingText: Readonly<Record<Choices['hubPaging'], string>> = {
  page: 'a list of the hub goes on by page and pageSize, and says nowhere how long it is',
  token: 'a list of the hub goes on by the elements-next-page-token of each answer',
};

const hubEndText: Readonly<Record<Choices['hubPastTheEnd'], string>> = {
  empty: 'a page of the hub past the end is empty',
  'last-page': 'a page of the hub past the end is the last page again, as at Sage',
};

const fixedAssumptions: readonly Assumption[] = [
  { evidence: 'none', text: 'items_per_page over 200 counts as 200; 0, a negative or not a number as 20' },
  { evidence: 'none', text: 'page 0, a negative or not a number counts as 1' },
  { evidence: 'none', text: 'a page past the end is the last page, with its own number in `$page`' },
  { evidence: 'none', text: 'updated_or_created_since and deleted_since together must both hold' },
  {
    evidence: 'none',
    text: 'a change filter is compared with the stored whole second; without offset it is UTC',
  },
  { evidence: 'none', text: 'a change filter that is not a date is answered with 400' },
  {
    evidence: 'inferred',
    text: 'a list by deleted_since gives id, displayed_as and $path unless attributes ask for more',
  },
  { evidence: 'inferred', text: 'a voided invoice is a change of status, found by updated_or_created_since' },
  { evidence: 'none', text: 'a deleted item is in no list but one by deleted_since' },
  { evidence: 'none', text: 'a 429 has no Retry-After, unless a fault gives it one' },
  { evidence: 'none', text: 'a deletion leaves updated_at as it was; reading a deleted id is a 404' },
  { evidence: 'none', text: 'a change of one object never changes the updated_at of another' },
  {
    evidence: 'none',
    text: 'the bodies of 400, 401 for a token, 404, 405, 415, 429 and 503 have the documented shape with texts of our own',
  },
  { evidence: 'none', text: 'a business that the user cannot see is a 403' },
  { evidence: 'inferred', text: 'a gateway timeout is an HTML page' },
  {
    evidence: 'none',
    text: 'the platform lists instances in pages of at most 200, the next one named by elements-next-page-token',
  },
  {
    evidence: 'inferred',
    text: 'reading an instance gives its token, and masks client id, client secret, user tokens and passwords, but no other secret',
  },
  { evidence: 'none', text: 'two instances of one name may exist on the platform' },
  {
    evidence: 'none',
    text: "the texts of the platform's errors are ours, their shape {requestId, message, providerMessage} is documented",
  },
  {
    evidence: 'inferred',
    text: 'PUT of an instance logs in again and keeps id and token; PATCH merges and needs no login',
  },
  {
    evidence: 'inferred',
    text: 'one tenant has one grant: authorizing again makes the earlier refresh token useless',
  },
  {
    evidence: 'inferred',
    text: 'a deleted transaction or ledger entry stays in the list with `deleted` true and a new updated_at',
  },
  {
    evidence: 'inferred',
    text: 'what has neither `deleted_since` nor `deleted` vanishes from its list without a trace',
  },
  {
    evidence: 'simplified',
    text: 'records are made one by one: an invoice brings about no transaction and no ledger entries',
  },
  {
    evidence: 'simplified',
    text: "of Sage's lookups the codes that are documented are listed, the others are made up",
  },
  {
    evidence: 'simplified',
    text: 'of the limits, 150 requests in flight per app are enforced; 1,296,000 a day are not',
  },
  { evidence: 'simplified', text: "access tokens look like Sage's and are not signed" },
  {
    evidence: 'simplified',
    text: 'the authorization page says yes at once, for the tenant that simulator_tenant names',
  },
  {
    evidence: 'inferred',
    text: 'the hub passes lastModifiedDate on as updated_or_created_since, and any other condition with = as it is',
  },
  { evidence: 'inferred', text: 'records of the hub have updated_at a second time, as lastModifiedDate' },
  { evidence: 'none', text: 'the hub has no list of deletions' },
  {
    evidence: 'none',
    text: 'the v3 API answers 401 without its subscription key or X-Site, and its tokens rotate as those of v3.1 do',
  },
  {
    evidence: 'simplified',
    text: 'the v3 API has no page of its own for giving access: it begins with a refresh token',
  },
  { evidence: 'simplified', text: 'every business is British and keeps its books in pounds' },
  { evidence: 'simplified', text: 'only reading is simulated: any other method is a 405' },
  {
    evidence: 'simplified',
    text: 'nested_attributes, show_legacy_id and the like are accepted and change nothing',
  },
];
