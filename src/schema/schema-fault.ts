/** What is wrong with the value at a pointer. */
export interface SchemaFault {
  readonly rule: 'unknown-key' | 'missing-key' | 'wrong-type' | 'invalid-value';
  readonly severity?: 'warning';
  readonly pointer: string;
  readonly message: string;
  readonly help?: string;
  /** Whether the key is to blame or its value. */
  readonly at: 'key' | 'value';
  /** The name that the key should have, where a fix can give it. */
  readonly rename?: { readonly to: string; readonly safe: boolean };
}
