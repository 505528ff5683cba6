import { describe, expect, it } from 'vitest';
import { createFailureWindow } from '../../../src/runtime/deliver/failure-window.ts';
import { endpointNameOf } from '../../../src/runtime/deliver/endpoint-name.ts';
import { closedEndpoint, judgeEndpoint } from '../../../src/runtime/deliver/judge-endpoint.ts';
import type { DeliveryOutcome } from '../../../src/runtime/ports/delivery.ts';
import type { EndpointState } from '../../../src/runtime/ports/endpoint-store.ts';

const accepted: DeliveryOutcome = { kind: 'accepted', status: 200 };
const rejected = (status: number, retryAfterMs?: number): DeliveryOutcome => ({
  kind: 'rejected',
  status,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const closed = closedEndpoint('https://a.example.com', 0);
const open: EndpointState = {
  ...closed,
  state: 'open',
  reason: 'down',
  retryAtMs: 30_000,
  failingSinceMs: 0,
};
const judge = (
  before: EndpointState,
  outcome: DeliveryOutcome,
  { nowMs = 10_000, isFailing = false } = {},
): EndpointState => judgeEndpoint(before, { outcome, isFailing, nowMs });

describe('judgeEndpoint', () => {
  it('remembers since when a receiver fails, and forgets it with a success', () => {
    const failing = judge(closed, rejected(503));
    expect(failing).toMatchObject({ state: 'closed', failingSinceMs: 10_000 });
    expect(judge(failing, rejected(503), { nowMs: 20_000 }).failingSinceMs).toBe(10_000);
    expect(judge(failing, accepted)).toEqual(closed);
  });

  it('does not blame the receiver for a body that it refuses', () => {
    expect(judge(closed, rejected(422))).toEqual(closed);
    expect(judge(closed, rejected(400), { isFailing: true })).toEqual(closed);
  });

  it('opens when most fails, and for as long as the receiver asks, within an hour', () => {
    expect(judge(closed, rejected(500), { isFailing: true })).toMatchObject({
      state: 'open',
      retryAtMs: 40_000,
    });
    expect(judge(closed, rejected(429, 90_000))).toMatchObject({ state: 'open', retryAtMs: 100_000 });
    expect(judge(closed, rejected(503, 86_400_000)).retryAtMs).toBe(10_000 + 3_600_000);
  });

  it('stays open when the try fails, and does not count what was sent before', () => {
    expect(judge(open, rejected(500), { isFailing: true })).toMatchObject({
      state: 'open',
      retryAtMs: 30_000,
    });
    expect(judge(open, rejected(500), { nowMs: 31_000 })).toMatchObject({ state: 'open', retryAtMs: 61_000 });
    expect(judge(open, accepted, { nowMs: 31_000 })).toMatchObject({ state: 'closed', sinceMs: 31_000 });
  });

  it('disables a receiver that is gone, or fails for five days, and leaves it so', () => {
    const gone = judge(closed, rejected(410));
    expect(gone).toMatchObject({ state: 'disabled', sinceMs: 10_000, retryAtMs: undefined });
    const nowMs = 5 * 86_400_000;
    const long = judge(open, { kind: 'unreachable', reason: 'refused' }, { nowMs });
    expect(long).toMatchObject({ state: 'disabled', reason: expect.stringContaining('for 5 days') });
    expect(judge(open, rejected(500), { nowMs: nowMs - 1 }).state).toBe('open');
    expect(judge(gone, accepted)).toBe(gone);
  });
});

describe('createFailureWindow', () => {
  const fill = (outcomes: readonly boolean[], nowMs: number): ReturnType<typeof createFailureWindow> => {
    const window = createFailureWindow();
    for (const isFailure of outcomes) window.add(isFailure, nowMs);
    return window;
  };
  const outcomes = (failures: number, successes: number): readonly boolean[] => [
    ...Array.from({ length: failures }, () => true),
    ...Array.from({ length: successes }, () => false),
  ];

  it('wants ten outcomes, and seven tenths of them failures', () => {
    expect(fill(outcomes(9, 0), 0).isFailing(0)).toBe(false);
    expect(fill(outcomes(10, 0), 0).isFailing(0)).toBe(true);
    expect(fill(outcomes(7, 3), 0).isFailing(0)).toBe(true);
    expect(fill(outcomes(69, 31), 0).isFailing(0)).toBe(false);
  });

  it('forgets what is older than half a minute, or lies ahead of a clock that was set back', () => {
    const window = fill(outcomes(10, 0), 100_000);
    expect(window.isFailing(129_999)).toBe(true);
    expect(window.isFailing(130_000)).toBe(false);
    expect(fill(outcomes(10, 0), 100_000).isFailing(50_000)).toBe(false);
  });
});

describe('endpointNameOf', () => {
  const nameOf = (url: string): string => endpointNameOf({ url: new URL(url) });

  it('tells receivers apart without their query', () => {
    expect(nameOf('https://a.example.com/hook')).toBe('https://a.example.com/hook');
    expect(nameOf('https://a.example.com/hook?token=secret')).toMatch(
      /^https:\/\/a\.example\.com\/hook\?…[0-9a-f]{6}$/,
    );
    expect(nameOf('https://a.example.com/?t=1')).not.toBe(nameOf('https://a.example.com/?t=2'));
  });
});
