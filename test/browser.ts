export interface Browser {
  /** Goes where a command sends its user. */
  readonly onStderr: (text: string) => void;
  /** Resolves when every page has been shown; the texts of the last ones. */
  readonly pages: () => Promise<readonly string[]>;
}

/** Opens each address that a command prints for its user, follows redirects, and so says yes to the simulated Sage. */
export function openBrowser(browse: (address: string) => Promise<string> = show): Browser {
  const shown: Promise<string>[] = [];
  return {
    onStderr: (text) => {
      const address = /^ {2}(http\S+)$/m.exec(text)?.[1];
      if (address !== undefined) shown.push(browse(address));
    },
    pages: () => Promise.all(shown),
  };
}

export async function show(address: string): Promise<string> {
  return (await fetch(address)).text();
}

/** Where Sage sends the browser, without going there. */
export async function redirectOf(address: string): Promise<string> {
  return (await fetch(address, { redirect: 'manual' })).headers.get('location') ?? '';
}
