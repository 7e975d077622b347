import { z } from 'zod';
import { defineCommand } from '../src/command.ts';

/** What the bot can do. */
export const helpCommand = defineCommand({
  name: 'help',
  slash: 'help',
  summary: 'What the bot can do',
  guidance: 'Call when the member asks what the bot can do.',
  tool: 'list_commands',
  tier: 'free',
  effect: 'read',
  private: true,
  input: z.object({}),
  output: z.object({ commands: z.array(z.object({ slash: z.string(), summary: z.string() })) }),
  run: async (ctx) => ({ commands: [...ctx.guide.commands()] }),
  card: ({ commands }) => ({
    layout: 'embed',
    tone: 'neutral',
    title: 'What I can do',
    blocks: [
      { kind: 'text', text: commands.map(({ slash, summary }) => `**/${slash}**  ${summary}`).join('\n') },
      { kind: 'text', text: 'Every market number shows its time and its source. Plans are computed, never guessed.' },
    ],
    disclaimer: true,
  }),
});
