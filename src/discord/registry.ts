import {
  type APIApplicationCommandBasicOption,
  type APIApplicationCommandSubcommandOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from 'discord.js';
import type { CommandDefinition } from '../command.ts';
import { type InputField, inputFields } from './input-fields.ts';

type SlashCommand = RESTPostAPIChatInputApplicationCommandsJSONBody;

/** What Discord is told of the commands with a slash name; `plan build` and `plan list` become subcommands of `plan`. */
export function slashCommands(commands: readonly CommandDefinition[], scope: 'guild' | 'global'): SlashCommand[] {
  const groups = new Map<string, CommandDefinition[]>();
  for (const command of commands) {
    if (command.slash === undefined) continue;
    const [top = ''] = command.slash.split(' ');
    groups.set(top, [...(groups.get(top) ?? []), command]);
  }
  // guild commands have no contexts: they are only ever in their guild
  const place =
    scope === 'guild'
      ? {}
      : { integration_types: [ApplicationIntegrationType.GuildInstall], contexts: [InteractionContextType.Guild] };
  return [...groups].map(([name, members]) => ({
    type: ApplicationCommandType.ChatInput,
    name,
    ...place,
    ...faceOf(name, members),
  }));
}

function faceOf(name: string, members: readonly CommandDefinition[]): Pick<SlashCommand, 'description' | 'options'> {
  const [first] = members;
  if (first && members.length === 1 && first.slash === name) {
    return { description: first.summary, options: optionsOf(first) };
  }
  const options = members.map((command): APIApplicationCommandSubcommandOption => {
    const sub = command.slash?.split(' ')[1];
    if (sub === undefined) throw new Error(`/${name} cannot be a command and have subcommands at once`);
    return {
      type: ApplicationCommandOptionType.Subcommand,
      name: sub,
      description: command.summary,
      options: optionsOf(command),
    };
  });
  return { description: `${name}: ${options.map((option) => option.name).join(', ')}`, options };
}

function optionsOf(command: CommandDefinition): APIApplicationCommandBasicOption[] {
  // what the form asks for may be left out
  const asked = new Set(command.form?.fields.map(({ key }) => key));
  return inputFields(command).map((field) =>
    optionOf(field, field.required && !asked.has(field.key), field.key in (command.suggest ?? {})),
  );
}

function optionOf(field: InputField, required: boolean, suggests: boolean): APIApplicationCommandBasicOption {
  const face = { name: field.option, description: field.description, required };
  const { minimum, maximum, minLength, maxLength, choices } = field;
  const range = {
    ...(minimum === undefined ? {} : { min_value: minimum }),
    ...(maximum === undefined ? {} : { max_value: maximum }),
  };
  switch (field.type) {
    case 'boolean':
      return { type: ApplicationCommandOptionType.Boolean, ...face };
    case 'integer':
      return { type: ApplicationCommandOptionType.Integer, ...face, ...range };
    case 'number':
      return { type: ApplicationCommandOptionType.Number, ...face, ...range };
    case 'string':
      if (choices) {
        return {
          type: ApplicationCommandOptionType.String,
          ...face,
          choices: choices.map((value) => ({ name: value, value })),
        };
      }
      return {
        type: ApplicationCommandOptionType.String,
        ...face,
        ...(suggests ? { autocomplete: true } : {}),
        ...(minLength === undefined ? {} : { min_length: minLength }),
        ...(maxLength === undefined ? {} : { max_length: maxLength }),
      };
  }
}
