import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv';
import instanceExport from '../../schemas/instance-export.schema.json' with { type: 'json' };
import instance from '../../schemas/instance.schema.json' with { type: 'json' };
import plan from '../../schemas/plan.schema.json' with { type: 'json' };
import pollerConfiguration from '../../schemas/poller-configuration.schema.json' with { type: 'json' };
import report from '../../schemas/report.schema.json' with { type: 'json' };
import sageone from '../../schemas/sageone.schema.json' with { type: 'json' };
import settings from '../../schemas/settings.schema.json' with { type: 'json' };

/** Our schemas, by the name of their file in `schemas/`. */
export const schemas = {
  instance,
  'instance-export': instanceExport,
  'poller-configuration': pollerConfiguration,
  sageone,
  settings,
  report,
  plan,
} as const satisfies Record<string, AnySchemaObject>;

export type SchemaName = keyof typeof schemas;

/** How the schemas are compiled, here and in the build, which replaces this module by the compiled code. */
export function createAjv(options: { readonly source: boolean }): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    strictTypes: false,
    addUsedSchema: false,
    code: { source: options.source, lines: options.source },
    schemas: Object.values(schemas),
  });
  return ajv.addVocabulary(['x-secret', 'x-expected']);
}

let ajv: Ajv | undefined;

/** The compiled validator of a schema. */
export function validatorOf(name: SchemaName): ValidateFunction {
  ajv ??= createAjv({ source: false });
  const validate = ajv.getSchema(schemas[name].$id);
  if (validate === undefined) throw new Error(`schema ${name} is not registered`);
  return validate;
}
