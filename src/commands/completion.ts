import { bashCompletion, fishCompletion, zshCompletion, type CompletedCommand } from './shared/completion.ts';
import { exitCodes, SagecfgError } from '../problem/sagecfg-error.ts';
import { defineCommand } from './command.ts';
import { commandNames, loadCommand } from './index.ts';

const shells = { bash: bashCompletion, fish: fishCompletion, zsh: zshCompletion } as const;

export default defineCommand({
  summary: 'Print a completion script for a shell',
  positional: {
    name: 'SHELL',
    description: `One of ${Object.keys(shells).join(', ')}`,
    most: 1,
    words: Object.keys(shells),
  },
  options: {},
  examples: [
    ['sagecfg completion bash > ~/.local/share/bash-completion/completions/sagecfg', 'bash'],
    ['sagecfg completion zsh > "${fpath[1]}/_sagecfg"', 'zsh'],
    ['sagecfg completion fish > ~/.config/fish/completions/sagecfg.fish', 'fish'],
  ],
  async run({ names: [shell], io }) {
    const write = Object.entries(shells).find(([name]) => name === shell)?.[1];
    if (write === undefined) {
      throw new SagecfgError('usage', `name a shell: expected one of ${Object.keys(shells).join(', ')}`);
    }
    io.stdout.write(write(await listCommands()));
    return exitCodes.clean;
  },
});

/** The script is static, so that a tab never starts Node. */
async function listCommands(): Promise<readonly CompletedCommand[]> {
  return Promise.all(
    commandNames.map(async (name) => {
      const { summary, options, positional } = await loadCommand(name);
      const takesFiles = positional?.name === 'files..';
      return { name, summary, options, takesFiles, words: positional?.words ?? [] };
    }),
  );
}
