import type { Value } from '../document/to-value.ts';
import type { Paint } from '../report/paint.ts';
import { visibleText } from '../report/visible-text.ts';
import type { ActionReport, ChangeReport, PlanReport } from './plan-report.ts';

/** The plan for people: what would change, key by key, and what it comes to. */
export function renderPlan(report: PlanReport, style: Paint): string {
  const shown = report.actions.filter(({ action }) => action !== 'keep');
  const blocks = shown.map((action) => renderAction(action, style));
  return `${[...blocks, renderEnd(report, style)].join('\n\n')}\n`;
}

const signs = { create: '+', change: '~', delete: '-', refused: '!', keep: ' ' } as const;
const words = {
  create: 'create',
  change: 'change',
  delete: 'delete',
  refused: 'cannot be planned',
  keep: '',
} as const;

function renderAction(report: ActionReport, style: Paint): string {
  const { action, name, id, file, why } = report;
  const colour = coloursOf(style)[action];
  const label = `${visibleText(name)}${id === undefined ? '' : ` (${visibleText(id)})`}`;
  const place = file === undefined ? '' : style.faint(`  ${visibleText(file)}`);
  return [
    `${colour(`${signs[action]} ${words[action]}`)} ${style.strong(label)}${place}`,
    ...report.changes.flatMap((change) => renderChange(change, style)),
    ...(why === undefined ? [] : [`    ${visibleText(why)}`]),
    ...renderLogin(report),
  ].join('\n');
}

function coloursOf({
  good,
  warning,
  error,
  faint,
}: Paint): Readonly<Record<ActionReport['action'], (text: string) => string>> {
  return { create: good, change: warning, delete: error, refused: error, keep: faint };
}

function renderLogin({ action, changes, needsAuthentication }: ActionReport): readonly string[] {
  if (!needsAuthentication) return [];
  if (action === 'create') return [];
  const keys = changes.filter((each) => each.needsAuthentication).map(({ key }) => key);
  return [
    `    needs a new authentication, because a grant belongs to one app and business: ${[...new Set(keys)].join(', ')}`,
  ];
}

function renderChange(change: ChangeReport, style: Paint): readonly string[] {
  const { key, path, kind, before, after, isSecret } = change;
  const place = [key, ...path].map(visibleText).join(' › ');
  const sign = kind === 'add' ? style.good('+') : kind === 'remove' ? style.error('-') : style.warning('~');
  if (isSecret) return [`    ${sign} ${place}: ${kind === 'add' ? 'is set' : 'changes'} (secret)`];
  const left = before === undefined ? undefined : shorten(before);
  const right = after === undefined ? undefined : shorten(after);
  if (kind === 'add') return [`    ${sign} ${place}: ${right}`];
  if (kind === 'remove') return [`    ${sign} ${place}: ${left}`];
  if (left === undefined) return [`    ${sign} ${place}: becomes ${right}`];
  if (`${left}${right}`.length < 80) return [`    ${sign} ${place}: ${left} → ${right}`];
  return [
    `    ${sign} ${place}:`,
    `        ${style.error(`- ${left}`)}`,
    `        ${style.good(`+ ${right}`)}`,
  ];
}

const longestShown = 400;

function shorten(value: Value): string {
  const text = visibleText(JSON.stringify(value));
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

function renderEnd(report: PlanReport, style: Paint): string {
  const { create, change, keep, refused } = report.summary;
  const { before, after } = report.requestsADay;
  const counts = [
    `${create} to create`,
    `${change} to change`,
    `${report.summary.delete} to delete`,
    `${keep} as they should be`,
    ...(refused > 0 ? [`${refused} that cannot be planned`] : []),
  ];
  const isIdle = create + change + report.summary.delete + refused === 0;
  return [
    ...(isIdle ? [style.good('nothing to do')] : []),
    counts.join(', '),
    ...renderUnknown(report),
    ...renderUnmanaged(report),
    `requests a day: ${written(before)} now, ${written(after)} then`,
  ].join('\n');
}

function renderUnknown({ actions }: PlanReport): readonly string[] {
  const unknown = actions.flatMap((action) => action.unknown);
  if (unknown.length === 0) return [];
  const keys = [...new Set(unknown.map(({ key }) => key))].map(visibleText);
  const shown = keys.length > 6 ? [...keys.slice(0, 6), `${keys.length - 6} more`] : keys;
  return [
    `unknown whether changed, because masked or not set here: ${shown.join(', ')}; --with-secrets sends them`,
  ];
}

function renderUnmanaged({ unmanaged }: PlanReport): readonly string[] {
  if (unmanaged.length === 0) return [];
  const names = unmanaged.slice(0, 5).map(({ name, id }) => `${visibleText(name)} (${visibleText(id)})`);
  const more = unmanaged.length > 5 ? ` and ${unmanaged.length - 5} more` : '';
  return [
    `in no file, left alone: ${names.join(', ')}${more}; sagecfg import writes them, --prune deletes them`,
  ];
}

function written(count: number): string {
  return count.toLocaleString('en-US', { maximumFractionDigits: 0 });
}
