/** Names that are devices on Windows, whatever their ending. */
const deviceName = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/** Why a path must not be written below an output folder, on any system; undefined where it may. */
export function refusalOfPath(path: string): string | undefined {
  if (path === '' || path.length > 400) return 'expected a path of 1 to 400 characters';
  if (/[\p{Cc}\u2028\u2029]/u.test(path)) return 'it holds a control character';
  if (/[\\<>:"|?*]/.test(path)) return 'it holds a character that not every system allows: \\ < > : " | ? *';
  for (const segment of path.split('/')) {
    const refusal = refusalOfSegment(segment);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function refusalOfSegment(segment: string): string | undefined {
  if (segment === '') return 'it must be relative, without empty parts';
  if (segment === '.' || segment === '..') return 'it leads out of the output folder';
  if (/[. ]$/.test(segment))
    return `${JSON.stringify(segment)} ends in a dot or a blank, which Windows drops`;
  if (deviceName.test(segment)) return `${JSON.stringify(segment)} is the name of a device on Windows`;
  if (segment.toLowerCase() === '.git') return 'nothing is generated into ".git"';
  return undefined;
}
