/**
 * The tokens of a language, as sources of regular expressions. Each must match whatever it begins with, even when
 * broken, so that no text is looked at twice: an unclosed string ends with its line.
 */
export interface Language {
  comment?: string
  string?: string
  /** Keys before a colon or an equals sign, names of elements, decorators. */
  mark?: string
  keywords?: Set<string>
  /** Matched without a color, so that no part of it is taken for a mark. */
  skip?: string
  /** Whole lines, in a diff. */
  removed?: string
  added?: string
}

const words = (list: string) => new Set(list.split(" "))

const slashes = String.raw`\/\/.*|\/\*[^]*?(?:\*\/|$(?![^]))`
const hash = "#.*"
const quotes = String.raw`"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?`
const backquotes = "`(?:\\\\[^]|[^`\\\\])*`?"
const tripled = `"""[^]*?(?:"""|$(?![^]))|'''[^]*?(?:'''|$(?![^]))`
/** `'a'` is a character, `'a` alone is not (a lifetime in Rust). */
const characters = String.raw`"(?:\\.|[^"\\\n])*"?|'(?:\\.[^'\n]{0,8}|[^\\'\n])'`

const common = "if else for while do switch case default break continue return new class this true false null"
const c = `${common} auto char const double enum extern float goto inline int long register short signed sizeof static struct typedef union unsigned void volatile NULL bool`
const js = `${common} async await catch const debugger delete export extends finally from function get import in instanceof let of set static super throw try typeof undefined var void with yield`
const ts = `${js} abstract any as boolean declare enum implements interface is keyof namespace never number private protected public readonly satisfies string symbol type unknown`
const java = `${common} abstract assert boolean byte catch char double enum extends final finally float implements import instanceof int interface long native package private protected public record short static super synchronized throw throws try var void volatile`

const definitions: [names: string, language: Language][] = [
  [
    "js javascript jsx mjs cjs node",
    { comment: slashes, string: `${quotes}|${backquotes}`, keywords: words(js) },
  ],
  [
    "ts typescript tsx mts",
    { comment: slashes, string: `${quotes}|${backquotes}`, mark: String.raw`@\w+`, keywords: words(ts) },
  ],
  [
    "json jsonc json5",
    {
      comment: slashes,
      mark: String.raw`"(?:\\.|[^"\\\n])*"(?=\s*:)`,
      string: quotes,
      keywords: words("true false null"),
    },
  ],
  [
    "py python python3",
    {
      comment: hash,
      string: `${tripled}|${quotes}`,
      mark: String.raw`@[\w.]+`,
      keywords: words(
        "and as assert async await break case class continue def del elif else except False finally for from global if import in is lambda match None nonlocal not or pass raise return self True try while with yield",
      ),
    },
  ],
  [
    "sh bash shell zsh console",
    {
      comment: "#.*",
      string: String.raw`"(?:\\[^]|[^"\\])*"?|'[^']*'?`,
      mark: String.raw`\$(?:\w+|\{[^}\n]*\}?|[@*#?$!-])`,
      keywords: words(
        "if then else elif fi for while until do done case esac function in return exit export local readonly declare set unset source echo cd sudo",
      ),
    },
  ],
  ["c h", { comment: slashes, string: characters, mark: String.raw`#[ \t]*\w+`, keywords: words(c) }],
  [
    "cpp c++ cc hpp cxx",
    {
      comment: slashes,
      string: characters,
      mark: String.raw`#[ \t]*\w+`,
      keywords: words(
        `${c} catch constexpr consteval concept co_await co_return co_yield decltype delete explicit final friend mutable namespace noexcept nullptr operator override private protected public requires template throw try typename using virtual`,
      ),
    },
  ],
  [
    "cs csharp c# dotnet",
    {
      comment: slashes,
      string: characters,
      keywords: words(
        `${java} async await base bool decimal delegate event foreach get in internal is lock namespace object out override params partial readonly ref sealed set string struct using virtual where yield`,
      ),
    },
  ],
  [
    "java",
    { comment: slashes, string: `${tripled}|${characters}`, mark: String.raw`@\w+`, keywords: words(java) },
  ],
  [
    "kt kotlin kts",
    {
      comment: slashes,
      string: `${tripled}|${characters}`,
      mark: String.raw`@\w+`,
      keywords: words(
        "as break by catch class companion const constructor continue data do else enum false final finally for fun if import in init inline interface internal is lateinit null object open out override package private protected public return sealed super suspend this throw true try typealias val var when where while",
      ),
    },
  ],
  [
    "swift",
    {
      comment: slashes,
      string: `"""[^]*?(?:"""|$(?![^]))|${characters}`,
      mark: String.raw`[@#]\w+`,
      keywords: words(
        "actor as async await break case catch class continue default defer do else enum extension fallthrough false for func guard if import in init inout internal is let nil open override private protocol public repeat rethrows return self Self some static struct super switch throw throws true try typealias var where while",
      ),
    },
  ],
  [
    "go golang",
    {
      comment: slashes,
      string: `${characters}|${backquotes}`,
      keywords: words(
        "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var true false nil string int int64 error bool byte any",
      ),
    },
  ],
  [
    "rs rust",
    {
      comment: slashes,
      string: characters,
      mark: String.raw`#!?\[[^\]\n]*\]?|\w+!(?=[(\[{])`,
      keywords: words(
        "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while i32 i64 u8 u32 u64 usize f64 bool str",
      ),
    },
  ],
  [
    "rb ruby",
    {
      comment: hash,
      string: quotes,
      mark: String.raw`@{1,2}\w+|:[a-zA-Z_]\w*`,
      keywords: words(
        "alias and begin break case class def defined? do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield require puts attr_accessor",
      ),
    },
  ],
  [
    "php",
    {
      comment: `${slashes}|${hash}`,
      string: quotes,
      mark: String.raw`\$\w+|<\?(?:php|=)?|\?>`,
      keywords: words(
        `${common} abstract array as catch clone const declare echo elseif empty enum extends final finally fn foreach function global implements include instanceof interface isset match namespace private protected public readonly require static throw trait try use var yield`,
      ),
    },
  ],
  [
    "lua",
    {
      comment: "--.*",
      string: quotes,
      keywords: words(
        "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
      ),
    },
  ],
  [
    "sql sqlite postgres postgresql mysql",
    {
      comment: String.raw`--.*|\/\*[^]*?(?:\*\/|$(?![^]))`,
      string: String.raw`'(?:''|[^'])*'?|"[^"\n]*"?`,
      keywords: words(
        "add all alter and any as asc begin between by case check column commit constraint create cross default delete desc distinct drop else end exists explain false foreign from full group having if in index inner insert into is join key left like limit not null offset on or order outer over partition primary references returning right rollback select set table then true union unique update using values view when where with integer text real blob varchar boolean timestamp",
      ),
    },
  ],
  [
    "html xml svg vue xhtml",
    {
      comment: "<!--[^]*?(?:-->|$(?![^]))",
      string: `(?<==)(?:"[^"]*"?|'[^']*'?)`,
      mark: String.raw`<\/?[a-zA-Z!?][\w:.-]*|\/?>|[\w:@-]+(?==)`,
      skip: String.raw`[\w:@-]+`,
    },
  ],
  [
    "css scss less",
    {
      comment: slashes,
      string: quotes,
      mark: String.raw`@[\w-]+|[.#&][\w-]+|--[\w-]+|[a-zA-Z][\w-]*(?=[ ]?:)`,
      skip: String.raw`[\w-]+`,
      keywords: words("important inherit initial unset revert auto none"),
    },
  ],
  [
    "yaml yml",
    {
      comment: String.raw`(?<!\S)#.*`,
      string: quotes,
      mark: String.raw`[\w./-]+(?=:(?:\s|$))`,
      skip: String.raw`[\w./-]+`,
      keywords: words("true false null yes no on off"),
    },
  ],
  [
    "toml ini conf env properties",
    {
      comment: "[#;].*",
      string: `${tripled}|${quotes}`,
      mark: String.raw`^\[.*|^[\w.-]+(?=[ ]?=)`,
      keywords: words("true false"),
    },
  ],
  [
    "docker dockerfile",
    {
      comment: hash,
      string: quotes,
      mark: String.raw`\$\{?\w+\}?`,
      keywords: words(
        "FROM RUN CMD LABEL EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL AS",
      ),
    },
  ],
  ["diff patch", { mark: "^(?:@@|diff|index|[+]{3}|-{3}).*", removed: "^-.*", added: "^[+].*" }],
]

const byName = new Map(
  definitions.flatMap(([names, language]) => names.split(" ").map((name) => [name, language] as const)),
)

export function languageOf(name: string): Language | undefined {
  return byName.get(name.toLowerCase())
}
