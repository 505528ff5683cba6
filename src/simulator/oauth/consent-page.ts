import type { Answer, ReceivedRequest } from '../http/answer.ts';
import type { Tenant } from '../tenant.ts';

/** Stands for Sage's sign-in and its question: whose business, yes or no. */
export function renderConsentPage(request: ReceivedRequest, tenants: readonly Tenant[]): Answer {
  const choices = tenants.map(({ name }) => choice(request, ['simulator_tenant', name], `Yes, as ${name}`));
  const no = choice(request, ['simulator_error', 'access_denied'], 'No');
  const body = `<!doctype html><html lang="en"><title>Simulated Sage</title>
<h1>Give the app access?</h1>
<ul>
${[...choices, no].join('\n')}
</ul></html>
`;
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

function choice(
  { path, query }: ReceivedRequest,
  [key, value]: readonly [key: string, value: string],
  text: string,
): string {
  const chosen = new URLSearchParams(query);
  chosen.set(key, value);
  // Names of tenants are letters, digits, - and _; the rest is encoded.
  return `<li><a href="${path}?${chosen.toString().replaceAll('&', '&amp;')}">${escapeHtml(text)}</a></li>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
