const id = /^[\w.-]+\/[\w.-]+(\/[\w.-]+)?(@[\w.-]+)?$/;
const address = /^(?:https?:\/\/huggingface\.co\/|hf:\/\/)datasets\/([\w.-]+\/[\w.-]+)(?:[/?#].*)?$/;

/** The id of the Hugging Face data set that a text names, as `owner/name` or as an address; undefined where it names none. */
export function hubDataset(text: string): string | undefined {
  const typed = text.trim();
  return address.exec(typed)?.[1] ?? (id.test(typed) ? typed : undefined);
}
