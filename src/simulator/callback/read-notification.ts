import type { DeliveredEvent } from './delivery.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** The events of a body in the platform's envelope; undefined if it is none. */
export function readNotification(
  body: Buffer,
  webhookId: string | undefined,
): readonly DeliveredEvent[] | undefined {
  const message = objectOf(objectOf(parseJson(body))?.['message']);
  const events = message?.['events'];
  if (message === undefined || !Array.isArray(events) || events.length === 0) return undefined;
  const raw = objectOf(message['raw']);
  const fallbackId = textOf(message['eventId']) ?? webhookId ?? '';
  const read = events.map((event: unknown) => readEvent(objectOf(event), raw, fallbackId));
  return read.every((event) => event !== undefined) ? read : undefined;
}

function readEvent(
  event: JsonObject | undefined,
  raw: JsonObject | undefined,
  fallbackId: string,
): DeliveredEvent | undefined {
  const objectId = textOf(event?.['objectId']);
  const objectType = textOf(event?.['objectType']);
  if (event === undefined || objectId === undefined || objectType === undefined) return undefined;
  return {
    eventId: textOf(event['eventId']) ?? fallbackId,
    objectId,
    objectType,
    eventType: textOf(event['eventType']) ?? '',
    date: textOf(event['date']) ?? '',
    record: recordOf(raw?.[objectType], objectId),
  };
}

function recordOf(records: unknown, objectId: string): JsonObject | undefined {
  if (!Array.isArray(records)) return undefined;
  return records.map(objectOf).find((record) => record?.['id'] === objectId);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // Whoever sends something else learns it from the status; the ledger keeps the hash.
    return undefined;
  }
}

function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
