import { fillTemplate } from '../../data/promptTemplate';

/** What stands before and after the class name. */
function endsOf(template: string): [before: string, after: string] {
  const at = template.indexOf('{}');
  return [template.slice(0, at), template.slice(at + 2)];
}

function fits(template: string, text: string): boolean {
  const [before, after] = endsOf(template);
  return text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after);
}

/** What is encoded of a typed text: the template around it, where there is one and it is not typed out already. */
export function asRead(text: string, template: string | undefined): string {
  return template === undefined || fits(template, text) ? text : fillTemplate(template, text);
}

/** The class name in a text, where it is in the template. */
export function asTyped(text: string, template: string | undefined): string {
  if (template === undefined || !fits(template, text)) return text;
  const [before, after] = endsOf(template);
  return text.slice(before.length, text.length - after.length);
}

/** The texts that are typed, a line each, as they are encoded; each once. */
export function typedTexts(typed: string, template: string | undefined): string[] {
  const lines = typed.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter(Boolean).map((line) => asRead(line, template)))];
}
