// The language server without its protocol: what an editor would be told of each file, as a command.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const { getLanguageService, TextDocument } = {
  ...require('yaml-language-server'),
  ...require('vscode-languageserver-textdocument'),
};

const [schema = '', ...files] = process.argv.slice(2);
const service = getLanguageService({
  schemaRequestService: async (uri: string) => readFileSync(new URL(uri), 'utf8'),
  workspaceContext: { resolveRelativePath: (path: string, from: string) => new URL(path, from).href },
});
service.configure({ validate: true, schemas: [{ uri: pathToFileURL(schema).href, fileMatch: ['*'] }] });
for (const file of files) {
  const uri = pathToFileURL(resolve(file)).href;
  const problems = await service.doValidation(
    TextDocument.create(uri, 'yaml', 0, readFileSync(file, 'utf8')),
    false,
  );
  for (const { message, range } of problems) console.log(`${file}:${range.start.line + 1} ${message}`);
}
