import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.ts';

const schema = resolve(import.meta.dirname, '../../schemas/instance.schema.json');
const server = join(
  dirname(createRequire(import.meta.url).resolve('yaml-language-server/package.json')),
  'bin/yaml-language-server',
);

const text = `# yaml-language-server: $schema=${schema}
element:
  key: sageone
configuration:
  oauth.api.key: x
  oauth.api.secret: x
  oauth.callback.url: https://app.example.com
  event.poller.configuration:
    customers:
      url: /hubs/finance/customers
      idFeild: id
      pa
`;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** Speaks LSP with the server over its standard streams. */
function startLanguageServer() {
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number | string, (value: unknown) => void>();
  let received = Buffer.alloc(0);
  let lastId = 0;

  const send = (message: object): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const take = ({ id, method, params, result }: Message): void => {
    // What the server asks of the editor is answered with nothing; it then takes its defaults.
    if (method !== undefined && id !== undefined)
      send({ id, result: method === 'workspace/configuration' ? [{}, {}, {}, {}] : null });
    else waiting.get(id ?? method ?? '')?.(result ?? params);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n(?:.*\r\n)*?\r\n/.exec(received.toString('latin1'));
      const end = header === null ? Number.POSITIVE_INFINITY : header[0].length + Number(header[1]);
      if (header === null || received.length < end) return;
      take(JSON.parse(received.subarray(header[0].length, end).toString()) as Message);
      received = received.subarray(end);
    }
  });

  return {
    notify: (method: string, params: object) => send({ method, params }),
    request: async (method: string, params: object): Promise<unknown> => {
      lastId += 1;
      const id = lastId;
      const answer = new Promise<unknown>((done) => waiting.set(id, done));
      send({ id, method, params });
      return answer;
    },
    notified: async (method: string): Promise<unknown> => new Promise((done) => waiting.set(method, done)),
    [Symbol.dispose]: () => child.kill(),
  };
}

it('offers our keys, explains them and marks a wrong one', async () => {
  await using folder = await temporaryFolder({ 'acme.yaml': text });
  const uri = pathToFileURL(join(folder.path, 'acme.yaml')).href;
  using editor = startLanguageServer();
  await editor.request('initialize', { processId: process.pid, rootUri: null, capabilities: {} });
  editor.notify('initialized', {});
  const diagnosed = editor.notified('textDocument/publishDiagnostics');
  editor.notify('workspace/didChangeConfiguration', {
    settings: { yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } } },
  });
  editor.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });

  const line = (content: string): number => text.split('\n').findIndex((each) => each.includes(content));
  const { diagnostics } = (await diagnosed) as {
    diagnostics: readonly { message: string; range: { start: { line: number } } }[];
  };
  expect(diagnostics.map(({ message, range }) => [range.start.line, message])).toEqual(
    expect.arrayContaining([[line('idFeild'), expect.stringContaining('idFeild')]]),
  );

  const place = (content: string, character: number) => ({
    textDocument: { uri },
    position: { line: line(content), character },
  });
  const hover = (await editor.request('textDocument/hover', place('url: /hubs', 7))) as {
    contents: { value: string };
  };
  expect(hover.contents.value).toContain('The hub path that each poll requests');

  const completion = (await editor.request('textDocument/completion', place('      pa', 8))) as {
    items: readonly { label: string }[];
  };
  expect(completion.items.map(({ label }) => label)).toEqual(expect.arrayContaining(['pageSize']));
});
