import type { CommandDefinition } from '../src/command.ts';
import { breadthCommand } from './breadth.ts';
import { chartCommand } from './chart.ts';
import { coachCommand } from './coach.ts';
import { helpCommand } from './help.ts';
import { levelsCommand } from './levels.ts';
import { moversCommand } from './movers.ts';
import { newsCommand } from './news.ts';
import { offerWhyCommand, planVerifyCommand } from './offer.ts';
import { planBuildCommand, planListCommand, planShowCommand, planWhyCommand } from './plan.ts';
import { priceCommand } from './price.ts';
import { riskCommand } from './risk.ts';
import { setupsCommand } from './setups.ts';
import { statusCommand } from './status.ts';
import { tradeCloseCommand, tradeFixCommand, tradeListCommand, tradeShowCommand, tradeTakeCommand } from './trade.ts';
import { watchAddCommand, watchListCommand, watchRemoveCommand } from './watch.ts';

/** Everything that a member can ask for, in the order in which it is offered. */
export const commands: readonly CommandDefinition[] = [
  statusCommand,
  priceCommand,
  moversCommand,
  breadthCommand,
  newsCommand,
  levelsCommand,
  chartCommand,
  planBuildCommand,
  planShowCommand,
  planListCommand,
  planWhyCommand,
  planVerifyCommand,
  offerWhyCommand,
  setupsCommand,
  tradeTakeCommand,
  tradeListCommand,
  tradeShowCommand,
  tradeCloseCommand,
  tradeFixCommand,
  coachCommand,
  watchAddCommand,
  watchRemoveCommand,
  watchListCommand,
  riskCommand,
  helpCommand,
];
