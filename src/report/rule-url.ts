/** Where a rule is explained on the web; `sagecfg explain RULE` says the same offline. */
export function ruleUrl(rule: string): string {
  return `https://www.npmjs.com/package/sagecfg#${rule}`;
}
