/** What libraries and runtimes say, which is no sentence for a user. */
export const rawText =
  /\b(TypeError|RangeError|SyntaxError|DOMException|undefined|NaN|null|Vips\w*|librsvg|ENOENT|EOF|zlib|callback)\b|\[object|Unexpected token|at .*\.(ts|js):\d|stack|Failed to/;
