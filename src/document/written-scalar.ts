import type { Range } from '../problem/problem.ts';
import { encoders } from './encode-scalar.ts';
import type { Scalar, ScalarNode, ScalarStyle } from './node.ts';
import { scalarOffsets } from './scalar-offsets.ts';

/**
 * A scalar as it stands in a text. A class, because a file has hundreds of them: a closure of each would take more than all
 * the rest of it.
 */
export class WrittenScalar implements ScalarNode {
  declare readonly kind: 'scalar';
  declare readonly value: Scalar;
  declare readonly range: Range;
  declare readonly style: ScalarStyle;
  declare private readonly text: string;
  declare private offsets: ((index: number) => number) | undefined;

  constructor(value: Scalar, range: Range, style: ScalarStyle, text: string) {
    this.kind = 'scalar';
    this.value = value;
    this.range = range;
    this.style = style;
    this.text = text;
    // Of nearly every scalar nobody asks.
    this.offsets = undefined;
  }

  offsetAt(index: number): number {
    this.offsets ??= this.findOffsets();
    return this.offsets(index);
  }

  encode(text: string): string {
    return encoders[this.style](text);
  }

  private findOffsets(): (index: number) => number {
    const { value, text, style } = this;
    const { start, end } = this.range;
    return scalarOffsets(text, start, end, style, typeof value === 'string' ? value : text.slice(start, end));
  }
}
