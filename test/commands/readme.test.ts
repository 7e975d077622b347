import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../commands/index.ts';

const START = '<!-- commands:start -->';
const END = '<!-- commands:end -->';

/** The README's table of commands; `UPDATE_README=1 npm test -- test/commands` writes it. */
function table(): string {
  const rows = commands
    .filter((command) => command.slash !== undefined)
    .map((command) => {
      const { properties = {}, required = [] } = z.toJSONSchema(command.input, {
        io: 'input',
        unrepresentable: 'any',
      }) as {
        properties?: Record<string, unknown>;
        required?: string[];
      };
      const asked = command.form?.fields.map(({ key }) => key) ?? [];
      const options = Object.keys(properties).map((name) =>
        required.includes(name) && !asked.includes(name) ? `\`${name}\`` : `[\`${name}\`]`,
      );
      const route = command.route === undefined ? '' : `\`GET ${command.route}\``;
      return `| \`/${command.slash}\` | ${options.join(' ')} | ${command.summary} | ${route} |`;
    });
  return ['', '| command | options | what it gives | HTTP |', '| --- | --- | --- | --- |', ...rows, ''].join('\n');
}

describe("the README's table of commands", () => {
  it('is the one that the definitions give', async () => {
    const readme = await readFile('README.md', 'utf8');
    const [before, rest = ''] = readme.split(START);
    const [found, after] = rest.split(END);
    const wanted = `\n${table()}\n`;
    if (process.env.UPDATE_README) await writeFile('README.md', `${before}${START}${wanted}${END}${after}`);
    else expect(found).toBe(wanted);
  });
});
