import { createRandom } from './random.ts';

/** One customer of Sage: a business, the user who granted access to it, and the app that was granted it. */
export interface Tenant {
  readonly name: string;
  /** Tenants of the same user see each other's businesses through `X-Business`; the first one leads. */
  readonly user: string;
  readonly businessId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the first refresh takes. */
  readonly refreshToken: string;
  /** Of the v3 API: the app's key to it, its secret for signing requests, and whose data the tenant's is. */
  readonly subscriptionKey: string;
  readonly signingSecret: string;
  readonly resourceOwnerId: string;
  /** Signs the notifications that go to this tenant's callback. */
  readonly signatureKey: string;
}

export interface TenantDefinition {
  readonly name: string;
  /** The tenant's own user, unless told. */
  readonly user?: string;
}

/** All tenants share one app, as the customers of one integrator do. */
export function createTenants(seed: number, definitions: readonly TenantDefinition[]): readonly Tenant[] {
  const app = createRandom(seed, 'app');
  const clientId = `${app.hex(8)}-${app.hex(4)}-${app.hex(4)}-${app.hex(4)}-${app.hex(12)}`;
  const clientSecret = app.hex();
  const subscriptionKey = app.hex();
  const signingSecret = app.hex(40);
  return definitions.map(({ name, user }) => {
    const random = createRandom(seed, `tenant ${name}`);
    return {
      name,
      user: user ?? name,
      businessId: random.hex(),
      clientId,
      clientSecret,
      refreshToken: `simulator-refresh-${random.hex()}`,
      subscriptionKey,
      signingSecret,
      resourceOwnerId: createRandom(seed, `owner ${name}`).hex(),
      signatureKey: `simulator-signature-${random.hex()}`,
    };
  });
}
