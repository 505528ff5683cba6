import { Secret } from '../model/secret.ts';
import { refusedInstance } from './instance-configuration.ts';

const key = 'event.notification.callback.headers';
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// What a header may not hold would let one write others behind it.
// oxlint-disable-next-line no-control-regex -- these are what it is about
const headerValue = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;

/** What is ours or belongs to the connection. */
const reserved = new Set([
  'connection',
  'content-length',
  'content-type',
  'elements-webhook-id',
  'elements-webhook-signature',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
]);

/**
 * Reads the further headers of an instance: a JSON object, or a line `Name: value` each (the platform has documented no
 * form). Throws `SagecfgError`, which names the header and never its value: it may be a key of the receiver.
 */
export function parseCallbackHeaders(
  text: string,
  { instanceId, hasBasic }: { readonly instanceId: string; readonly hasBasic: boolean },
): Readonly<Record<string, Secret>> {
  const refuse = (what: string): never => {
    throw refusedInstance(instanceId, `has '${key}' ${what}`);
  };
  const pairs = text.trim().startsWith('{') ? readObject(text, refuse) : readLines(text, refuse);
  const headers = new Map<string, Secret>();
  for (const [given, value] of pairs) {
    const name = given.toLowerCase();
    if (!headerName.test(name)) refuse(`with a name that no header can have: ${JSON.stringify(given)}`);
    if (reserved.has(name)) refuse(`with '${given}', which sagecfg sets itself`);
    if (hasBasic && name === 'authorization') {
      refuse("with 'Authorization', and 'event.notification.basic.username' beside it: leave one out");
    }
    if (headers.has(name)) refuse(`with '${given}' twice`);
    if (!headerValue.test(value)) refuse(`with a value of '${given}' that no header can have`);
    headers.set(name, new Secret(value));
  }
  return Object.fromEntries(headers);
}

type Pairs = readonly (readonly [name: string, value: string])[];

function readObject(text: string, refuse: (what: string) => never): Pairs {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    refuse('that begins like JSON and is none');
  }
  return Object.entries(value ?? {}).map(([name, each]) =>
    typeof each === 'string' ? [name, each] : refuse(`with a value of '${name}' that is no text`),
  );
}

function readLines(text: string, refuse: (what: string) => never): Pairs {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    const colon = line.indexOf(':');
    if (colon < 1) refuse(`whose line ${index + 1} is not 'Name: value'`);
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
}
