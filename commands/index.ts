import type { CommandDefinition } from '../src/command.ts';
import { breadthCommand } from './breadth.ts';
import { chartCommand } from './chart.ts';
import { helpCommand } from './help.ts';
import { levelsCommand } from './levels.ts';
import { moversCommand } from './movers.ts';
import { newsCommand } from './news.ts';
import { planBuildCommand, planListCommand, planShowCommand, planWhyCommand } from './plan.ts';
import { priceCommand } from './price.ts';
import { riskCommand } from './risk.ts';
import { statusCommand } from './status.ts';
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
  watchAddCommand,
  watchRemoveCommand,
  watchListCommand,
  riskCommand,
  helpCommand,
];
