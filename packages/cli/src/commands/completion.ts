/** Shell completion, made from the commands themselves: they can never disagree. */
import { Argument, type Command } from 'commander';
import { print } from '../terminal.js';

interface Node {
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly help: string }[];
}

export function addCompletionCommand(program: Command): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText('before', 'Example: source <(sallyport completion bash)\n')
    .action((shell: 'bash' | 'zsh' | 'fish') => print(completionScript(program, shell)));
}

function nodes(command: Command, path = ''): readonly Node[] {
  const subcommands = command.commands.map((one) => ({ word: one.name(), help: one.description() }));
  const options = command.options.flatMap((one) => (one.long ? [{ word: one.long, help: one.description }] : []));
  const own = { path, words: [...subcommands, ...options, { word: '--help', help: 'help' }] };
  return [own, ...command.commands.flatMap((one) => nodes(one, path === '' ? one.name() : `${path} ${one.name()}`))];
}

export function completionScript(program: Command, shell: 'bash' | 'zsh' | 'fish'): string {
  const all = nodes(program);
  if (shell === 'fish') return fish(all);
  const cases = all.map(({ path, words }) => `    '${path}') words='${words.map(({ word }) => word).join(' ')}' ;;`);
  const bash = `_sallyport() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] && break
    case " ${all.map(({ path }) => path.replaceAll(' ', '/')).join(' ')} " in
      *" \${path:+$path/}$word "*) path="\${path:+$path/}$word" ;;
    esac
  done
  case "\${path//\\// }" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [[ \${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- "$current"))
}
complete -F _sallyport sallyport sally`;
  return shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

function fish(all: readonly Node[]): string {
  const lines = all.flatMap(({ path, words }) => {
    const depth = path === '' ? 0 : path.split(' ').length;
    const seen = path.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
    const when = depth === 0 ? '__fish_use_subcommand' : seen.join('; and ');
    return words.map(({ word, help }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-a ${word}`;
      return `complete -c $c -n '${when}' ${what} -d '${help.replaceAll("'", '’')}'`;
    });
  });
  return `for c in sallyport sally\n${lines.map((line) => `  ${line}`).join('\n')}\nend`;
}
