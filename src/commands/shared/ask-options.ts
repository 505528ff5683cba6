import type { Io } from '../../io.ts';
import type { OptionDefinitions, OptionValues } from '../command.ts';
import type { AskOptions } from './receive-answer.ts';

/** How a user is asked for access. */
export const askOptions = {
  paste: {
    type: 'boolean',
    description: 'Ask for the address that the browser ended up at; needed where that is not this machine',
  },
  browser: {
    type: 'boolean',
    negatable: true,
    description: 'Show the page in a browser (default at a terminal); its address is printed in any case',
  },
  'timeout-seconds': {
    type: 'number',
    placeholder: 'N',
    description: 'How long to wait for the user (default 300)',
  },
} as const satisfies OptionDefinitions;

const defaultTimeoutSeconds = 300;

export function askOptionsFrom(
  {
    paste = false,
    browser,
    'timeout-seconds': seconds = defaultTimeoutSeconds,
  }: OptionValues<typeof askOptions>,
  { isInteractive }: Io,
): AskOptions {
  return { paste, browser: browser ?? isInteractive, timeoutMs: seconds * 1000 };
}
