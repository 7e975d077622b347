/** Stands where a placeholder was; private use, so that no text of others can hold one. */
export const MARK = /[\u{E000}-\u{F8FF}]/u;
export const markOf = (index: number): string => String.fromCharCode(0xe000 + index);
export const indexOfMark = (mark: string): number => mark.charCodeAt(0) - 0xe000;

/** Stands where a name of a tool result was; an ornament, which no text of a model keeps. */
export const NAME = '\u{2302}';
