/** Sentences that hold for several resources. */
export const lookupAlternative = 'read it whole, once: it is a list of fixed values';
export const settingsAlternative = 'read it once a day: it is one record';
export const ratesAlternative = 'read it whole when a rate is needed: it is one short list';
export const hubWhereCaveat =
  'Sage filters it by change, but Cloud Elements noted in its own tests that where has no effect on it in the hub.';
