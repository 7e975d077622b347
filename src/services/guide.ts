/** The list of slash commands, for the help card; handed in by the composition root, which alone knows them all. */
export interface Guide {
  commands(): readonly { readonly slash: string; readonly summary: string }[];
}

export function createGuide(definitions: readonly { readonly slash?: string; readonly summary: string }[]): Guide {
  const commands = definitions
    .flatMap(({ slash, summary }) => (slash === undefined ? [] : [{ slash, summary }]))
    .sort((a, b) => a.slash.localeCompare(b.slash, 'en'));
  return { commands: () => commands };
}
