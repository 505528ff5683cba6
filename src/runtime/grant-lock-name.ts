/** What whoever replaces an instance's tokens holds meanwhile: one name for all instances that share a grant. */
export function grantLockName(instanceId: string, seedMark: string): string {
  return seedMark === '' ? `instance ${instanceId}` : `seed ${seedMark}`;
}
