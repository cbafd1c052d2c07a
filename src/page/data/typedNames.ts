/** The names in a text with commas or line ends between them, each once, without blanks around them. */
export function typedNames(text: string): string[] {
  // Commas of Latin, Arabic and Chinese.
  const names = text.split(/[,;\u060c\uff0c\u3001\n\r]+/).map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== '');
}
