import { schemas } from './validators.ts';

/** Keys that the platform knows in the configuration of any element. */
export const baseKeys: readonly string[] = Object.keys(schemas.instance.definitions.configuration.properties);

/** What the element `sageone` adds to them. */
export const sageKeys: readonly string[] = Object.keys(schemas.sageone.properties.configuration.properties);
