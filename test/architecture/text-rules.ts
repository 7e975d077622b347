import { codeOf, type SourceTree } from './source-tree.ts';

interface TextRule {
  /** What a finding says after the file's name. */
  readonly says: string;
  readonly pattern: RegExp;
  readonly where: RegExp;
  /** Files that the rule does not hold for. */
  readonly except?: RegExp;
}

const EVERYWHERE = /^(?:src|commands)\//;

/** What may be written only in one place, or nowhere. */
export const TEXT_RULES = {
  environment: {
    says: 'reads the environment; only kit/env.ts may',
    pattern: /\bprocess\s*(?:\.|\?\.)\s*env\b|\bimport\.meta\.env\b|['"](?:node:)?process['"]/,
    where: EVERYWHERE,
    except: /^src\/kit\/env\.ts$/,
  },
  impureDomain: {
    says: 'lets the domain see a clock, chance, the process, the network or the locale',
    pattern:
      /\bDate\.now\b|\bnew Date\(\s*\)|(?<![\w.])Date\(\)|\bMath\.random\b|\bprocess\b|\bset(?:Timeout|Interval|Immediate)\b|\bfetch\b|\bperformance\b|\bglobalThis\b|\brandom(?:UUID|Bytes|Int)\b|\blocaleCompare\b|\btoLocale\w+/,
    where: /^src\/domain\//,
  },
  wallClock: {
    says: 'reads the wall clock; ask the Clock',
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)/,
    where: EVERYWHERE,
    // the sandbox's servers and the embedded database are other machines, with clocks of their own
    except: /^src\/(?:kit\/clock\.ts|domain\/|sandbox\/|store\/embedded\/)/,
  },
  massiveEndpoint: {
    says: "names one of Massive's endpoints; only massive/ may",
    pattern: /\/v[23]\//,
    where: EVERYWHERE,
    except: /^src\/(?:massive|sandbox\/massive)\//,
  },
  table: {
    says: 'names a table or database function; only store/ may',
    pattern: /(?<!\b(?:Array|Buffer|Uint8Array|Readable|Iterator))\.from\(\s*['"`]|\.rpc\(/,
    where: EVERYWHERE,
    except: /^src\/store\//,
  },
  serviceKey: {
    says: 'holds the service key, which sees every member; only store/ and the composition root may',
    pattern: /serviceKey|service_key/i,
    where: EVERYWHERE,
    except: /^src\/(?:store\/|app\.ts$|app\/|kit\/(?:env|env-variables|log)\.ts$)/,
  },
  posting: {
    says: 'posts into a channel by itself; only discord/posts.ts may, where nonce and mentions are set',
    pattern: /\bRoutes\s*\.\s*channelMessages\b|\/channels\/[^'"`\s]*\/messages\b/,
    where: EVERYWHERE,
    except: /^src\/(?:discord\/posts\.ts$|sandbox\/)/,
  },
  console: { says: 'writes to the console; use the log', pattern: /\bconsole\s*\./, where: EVERYWHERE },
  oldProvider: {
    says: 'names the provider by its old name',
    pattern: /polygon/i,
    where: EVERYWHERE,
    // the settings refuse it, and the provider's own wire texts still have it
    except: /^src\/(?:kit\/env-variables\.ts$|sandbox\/massive\/)/,
  },
  neighbour: {
    says: 'reaches for files outside the repository',
    pattern: /\/work\/|\.\.\/shared\b/,
    where: /^(?:src|commands|test)\//,
    except: /^test\/architecture\//,
  },
} as const satisfies Record<string, TextRule>;

/** Lines that break a rule, as sentences. */
export function brokenText(tree: SourceTree, rule: TextRule): string[] {
  return [...tree].flatMap(([path, source]) => {
    if (!rule.where.test(path) || rule.except?.test(path)) return [];
    const found = rule.pattern.exec(codeOf(source));
    return found ? [`${path} ${rule.says}: ${found[0]}`] : [];
  });
}

const LONGEST_FILE = 250;

/** Files above the limit, as sentences. */
export function tooLong(tree: SourceTree): string[] {
  return [...tree].flatMap(([path, source]) => {
    const lines = source.trimEnd().split('\n').length;
    return lines > LONGEST_FILE ? [`${path} has ${lines} lines; split it by noun, at most ${LONGEST_FILE}`] : [];
  });
}

const MADE_OF = /^(?:utils?|helpers?|managers?|handlers?|common|base|core|misc|shared|lib)$/;

/** Files and folders named for what they are made of, and barrels; `base-bars` is a noun, `bar-base` is not. */
export function badlyNamed(tree: SourceTree): string[] {
  return [...tree.keys()].flatMap((path) => {
    const nouns = path.replace(/\.\w+$/, '').split('/');
    const word = nouns.map((noun) => noun.split(/[-.]/).at(-1) ?? '').find((one) => MADE_OF.test(one));
    if (word) return [`${path} is named for what it is made of (${word}), not for what it holds`];
    return path.endsWith('/index.ts') && path !== 'commands/index.ts' ? [`${path} is a barrel`] : [];
  });
}
