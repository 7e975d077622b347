import { randomBytes } from 'node:crypto';
import type {
  AnySelectMenuInteraction,
  AutocompleteInteraction,
  ButtonInteraction,
  ChatInputCommandInteraction,
  Interaction,
  ModalSubmitInteraction,
} from 'discord.js';
import { errorCard } from '../cards/error-card.ts';
import { plainText, truncate } from '../cards/text.ts';
import type { Caller, CommandDefinition, Ctx, Invoke, Tier } from '../command.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { SOURCES } from './answering.ts';
import { callerOf, type TierRules } from './caller.ts';
import type { Conversation } from './conversation.ts';
import { showSources, threadCard } from './converse.ts';
import { decodePress, outdatedSentence } from './custom-id.ts';
import { formOf, needsForm, submitted, within } from './forms.ts';
import { coerced, inputFields } from './input-fields.ts';
import { LIMIT } from './limits.ts';
import { type Ack, type Answerable, acknowledge, deliver, say } from './reply.ts';
import { isMoot } from './send.ts';

export interface DispatcherDeps {
  readonly commands: readonly CommandDefinition[];
  readonly invoke: Invoke;
  readonly ctxFor: (caller: Caller) => Ctx;
  readonly tierRules: TierRules;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'info' | 'error'>;
  /** Without it a command that opens a conversation shows its card like any other. */
  readonly conversation?: Pick<Conversation, 'open' | 'sourcesOf'> | undefined;
  /** Wall time that the current values of a form may take. */
  readonly prefillMs?: number;
  /** Wall time that suggestions may take; Discord waits 3 s. */
  readonly suggestMs?: number;
}

type Input = Record<string, string | number | boolean>;
type PressInteraction = ButtonInteraction | AnySelectMenuInteraction;

const GUILD_ONLY = 'I work in a server, not in direct messages. Ask me there, for example with /help.';
const TIERS: readonly Tier[] = ['free', 'pro', 'owner'];

/** Answers every kind of interaction; never rejects. */
export function createDispatcher(deps: DispatcherDeps): (interaction: Interaction) => Promise<void> {
  const { commands, invoke, ctxFor, tierRules, clock, log, conversation, prefillMs = 1_000, suggestMs = 2_500 } = deps;
  const bySlash = new Map(
    commands.flatMap((command) => (command.slash === undefined ? [] : [[command.slash, command]])),
  );
  const byName = new Map(commands.map((command) => [command.name, command]));

  async function onSlash(interaction: ChatInputCommandInteraction): Promise<void> {
    const command = bySlash.get(slashOf(interaction));
    if (!command) return say(interaction, `/${slashOf(interaction)} is not known any more. /help shows what is.`);
    const input = optionsOf(interaction, command);
    if (needsForm(command, input)) return openForm(interaction, command, input);
    await answer(interaction, command, input, secretly(command, input, interaction) ? 'private' : 'public');
  }

  async function onPress(interaction: PressInteraction): Promise<void> {
    const press = decodePress(interaction.customId);
    if (press?.action.command === SOURCES && conversation)
      return showSources(interaction, { conversation, clock, command: SOURCES });
    const command = press && byName.get(press.action.command);
    if (!press || !command) return say(interaction, outdatedSentence(interaction.customId, commands));
    const input: Input = { ...press.action.input };
    const [chosen] = interaction.isStringSelectMenu() ? interaction.values : [];
    if (press.key !== undefined && chosen !== undefined) {
      const field = inputFields(command).find(({ key }) => key === press.key);
      input[press.key] = coerced(field, chosen);
    }
    if (needsForm(command, input)) return openForm(interaction, command, input);
    // another member's answer is not ours to replace
    const asker = interaction.message.interactionMetadata?.user.id;
    const own = asker === undefined || asker === interaction.user.id;
    const updates = press.mode === 'update' && own && (!command.private || interaction.message.flags.has('Ephemeral'));
    await answer(
      interaction,
      command,
      input,
      updates ? 'update' : secretly(command, input, interaction) ? 'private' : 'public',
    );
  }

  async function onForm(interaction: ModalSubmitInteraction): Promise<void> {
    const press = decodePress(interaction.customId);
    const command = press && byName.get(press.action.command);
    if (!press || !command) return say(interaction, outdatedSentence(interaction.customId, commands));
    const input = submitted(interaction, command, press);
    await answer(interaction, command, input, secretly(command, input, interaction) ? 'private' : 'public');
  }

  async function onTyping(interaction: AutocompleteInteraction): Promise<void> {
    const { name, value } = interaction.options.getFocused(true);
    const command = bySlash.get(slashOf(interaction));
    const key = command && inputFields(command).find((field) => field.option === name)?.key;
    const suggest = key === undefined ? undefined : command?.suggest?.[key];
    const choices = suggest
      ? await within(
          suggestMs,
          suggest(ctxFor(callerOf(interaction, tierRules)), truncate(value, LIMIT.optionText)),
          [],
        )
      : [];
    const fit = choices.filter((choice) => choice.value !== '' && choice.value.length <= LIMIT.optionText);
    await interaction.respond(
      fit.slice(0, LIMIT.choices).map((choice) => ({
        name: truncate(plainText(choice.name) || choice.value, LIMIT.optionText),
        value: choice.value,
      })),
    );
  }

  async function openForm(
    interaction: ChatInputCommandInteraction | PressInteraction,
    command: CommandDefinition,
    input: Input,
  ): Promise<void> {
    const form = await formOf(command, ctxFor(callerOf(interaction, tierRules)), input, prefillMs);
    if (!form) return say(interaction, outdatedSentence(`||`, commands));
    await interaction.showModal(form);
  }

  /** Private from the start when the answer is known to be: the acknowledgement cannot be changed later. */
  function secretly(command: CommandDefinition, input: Input, interaction: Interaction): boolean {
    const { tier } = callerOf(interaction, tierRules);
    const barred = TIERS.indexOf(tier) < TIERS.indexOf(command.tier);
    return command.private === true || barred || !command.input.safeParse(input).success;
  }

  async function answer(interaction: Answerable, command: CommandDefinition, input: Input, ack: Ack): Promise<void> {
    await acknowledge(interaction, ack);
    const caller = callerOf(interaction, tierRules);
    const outcome = await invoke(command, ctxFor(caller), input);
    const talks = outcome.ok && command.opens === 'conversation' && conversation;
    const card = talks
      ? await threadCard(interaction, outcome.output, { caller, conversation })
      : outcome.ok
        ? outcome.card
        : errorCard(traced(outcome.error, command));
    const target = { command: command.name, clock, ack };
    // a private answer may stay where only the asker looks
    const seenByAll = ack === 'public' || (ack === 'update' && !isEphemeral(interaction));
    const inPlace = outcome.ok ? !(card.private && seenByAll) : ack === 'private';
    try {
      await deliver(interaction, card, { ...target, inPlace });
    } catch (err) {
      if (isMoot(err)) throw err;
      const fault = new AppError('internal', `The answer to /${command.slash ?? command.name} could not be shown.`, {
        cause: err,
      });
      await deliver(interaction, errorCard(traced(fault, command)), { ...target, inPlace: ack === 'private' });
    }
  }

  /** A fault of ours gets a number that the log knows too. */
  function traced(error: AppError, command: CommandDefinition): Pick<AppError, 'code' | 'message'> {
    if (error.code !== 'internal') return error;
    const reference = randomBytes(4).toString('hex');
    log.error({ reference, command: command.name, err: error.cause ?? error }, 'command met a fault');
    return { code: error.code, message: `${error.message} Reference ${reference}.` };
  }

  async function route(interaction: Interaction): Promise<void> {
    if (interaction.isAutocomplete()) {
      if (interaction.guildId === null) await interaction.respond([]);
      else await onTyping(interaction);
      return;
    }
    if (interaction.guildId === null) return say(interaction, GUILD_ONLY);
    if (interaction.isChatInputCommand()) return onSlash(interaction);
    if (interaction.isButton() || interaction.isAnySelectMenu()) return onPress(interaction);
    if (interaction.isModalSubmit()) return onForm(interaction);
    return say(interaction, 'I do not know this kind of request. /help shows what I can do.');
  }

  return async (interaction) => {
    try {
      await route(interaction);
    } catch (err) {
      if (isMoot(err)) log.info({ err, interactionId: interaction.id }, 'interaction was gone before the answer');
      else log.error({ err, interactionId: interaction.id }, 'interaction failed');
    }
  };
}

function slashOf(interaction: ChatInputCommandInteraction | AutocompleteInteraction): string {
  const sub = interaction.options.getSubcommand(false);
  return sub === null ? interaction.commandName : `${interaction.commandName} ${sub}`;
}

function optionsOf(interaction: ChatInputCommandInteraction, command: CommandDefinition): Input {
  const input: Input = {};
  for (const { key, option } of inputFields(command)) {
    const value = interaction.options.get(option)?.value;
    if (value !== undefined) input[key] = value;
  }
  return input;
}

function isEphemeral(interaction: Answerable): boolean {
  return interaction.isMessageComponent() && interaction.message.flags.has('Ephemeral');
}
