import type { Finding } from '../problem/problem.ts';

/** What Git leaves in a file that two branches have changed. */
export function findConflictMarker(text: string): Pick<Finding, 'message' | 'help' | 'range'> | undefined {
  const marker = /^(?:<{7}|>{7}|\|{7}) .*$|^={7}$/m.exec(text);
  if (marker === null || !/^<{7} /m.test(text)) return undefined;
  return {
    message: `${JSON.stringify(marker[0].slice(0, 7))} is a conflict marker of Git: expected one of the two versions`,
    help: 'Keep what is right of the two, and remove the three lines with markers.',
    range: { start: marker.index, end: marker.index + marker[0].trimEnd().length },
  };
}
