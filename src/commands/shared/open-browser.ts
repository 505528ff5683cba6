import { spawn } from 'node:child_process';

/** Asks the desktop to show a page; nothing happens where there is none. The page is for a person, and holds no secret. */
export function openBrowser(url: URL): void {
  const [command, ...argumentList] = launcherOf(process.platform);
  if (command === undefined) return;
  const child = spawn(command, [...argumentList, url.href], { stdio: 'ignore', detached: true });
  // No launcher: the address stands on the terminal as well.
  child.once('error', () => undefined);
  child.unref();
}

function launcherOf(platform: NodeJS.Platform): readonly string[] {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
