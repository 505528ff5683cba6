import type { ReceivedRequest } from '../http/answer.ts';
import { headerOf } from '../http/answer.ts';
import type { PlatformError } from './platform-errors.ts';
import { platformErrors } from './platform-errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a body may hold; what is not there, or of another type, is undefined. */
export interface InstanceBody {
  readonly elementKey: string | undefined;
  readonly name: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly configuration: JsonObject | undefined;
  readonly code: string | undefined;
  readonly externalAuthentication: 'none' | 'initial';
}

/** The JSON object of a request, or the error that answers it. */
export function readJsonBody(
  request: ReceivedRequest,
): { readonly value: JsonObject } | { readonly error: PlatformError } {
  const type = headerOf(request, 'content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) return { error: platformErrors.unsupportedType() };
  const value = parseJson(request.body.toString());
  if (isObject(value)) return { value };
  return { error: platformErrors.badRequest('The request body is not a JSON object') };
}

export function readInstanceBody(body: JsonObject): InstanceBody {
  const { element, name, tags, configuration, providerData, externalAuthentication } = body;
  return {
    elementKey: isObject(element) ? textOf(element['key']) : undefined,
    name: textOf(name),
    tags: Array.isArray(tags) ? tags.flatMap(tagText) : undefined,
    configuration: isObject(configuration) ? configuration : undefined,
    code: isObject(providerData) ? textOf(providerData['code']) : undefined,
    externalAuthentication: externalAuthentication === 'initial' ? 'initial' : 'none',
  };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A label, or one as older answers of the platform have it: `{id, name}`. */
function tagText(tag: unknown): readonly string[] {
  if (typeof tag === 'string') return [tag];
  return isObject(tag) && typeof tag['name'] === 'string' ? [tag['name']] : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Answered by the caller: it is no JSON object.
    return undefined;
  }
}
