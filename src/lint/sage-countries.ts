/** Countries that the login of Sage's API v3.1 takes. */
export const sageCountries: readonly string[] = ['CA', 'GB', 'IE'];

/** Countries of the API before it. */
export const retiredCountries: readonly string[] = ['DE', 'ES', 'FR', 'US'];
