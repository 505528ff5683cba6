interface LegacyAddresses {
  readonly baseUrl: string;
  readonly tokenUrl: string;
}

/** The part of the legacy API's path that stands for a country, and the server that gives its tokens. */
const regions: Readonly<Record<string, readonly [path: string, tokenUrl: string]>> = {
  GB: ['uki', 'https://app.sageone.com/oauth2/token'],
  IE: ['uki', 'https://app.sageone.com/oauth2/token'],
  US: ['us', 'https://oauth.na.sageone.com/token'],
  CA: ['ca', 'https://oauth.na.sageone.com/token'],
  DE: ['de', 'https://oauth.eu.sageone.com/token'],
  ES: ['es', 'https://oauth.eu.sageone.com/token'],
  FR: ['fr', 'https://oauth.eu.sageone.com/token'],
};

export const legacyCountries: readonly string[] = Object.keys(regions);

/** Where a country's businesses were read in Sage's v3 API; undefined for a country that it never had. */
export function legacyAddressesOf(country: string): LegacyAddresses | undefined {
  const [path, tokenUrl] = regions[country.toUpperCase()] ?? [];
  if (path === undefined || tokenUrl === undefined) return undefined;
  return { baseUrl: `https://api.columbus.sage.com/${path}/sageone/accounts/v3`, tokenUrl };
}
