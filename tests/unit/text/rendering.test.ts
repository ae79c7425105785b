import { describe, expect, test } from "bun:test"
import { plainText, renderContent } from "../../../src/features/messages/render.ts"
import { namesOf } from "../../../src/features/messages/text/names.ts"
import { find } from "../../support/html.ts"

const names = namesOf(
  new Map([
    ["alice", "a1"],
    ["foo_bar_", "f1"],
    ["everyone", "everyone"],
  ]),
  [
    { id: "c1", name: "General" },
    { id: "c2", name: "general chat" },
  ],
  [
    { id: "r1", name: "Cooks" },
    { id: "r2", name: "cooks of Rome" },
    { id: "r3", name: "alice" },
    { id: "r4", name: 'a"<i>' },
    { id: "r5", name: "foo" },
  ],
)

/** As HTML, with what stands for a spoiler, a link or a mention said shortly. */
function html(text: string): string {
  return renderContent(text, { names, serverId: "lab" })
    .replaceAll(/<label class="spoiler"><input [^>]*><span>/g, "<spoiler>")
    .replaceAll("</span></label>", "</spoiler>")
    .replaceAll(/<a href="([^"]*)"(?: title="[^"]*")? target="_blank" rel="[^"]*">/g, "<a $1>")
    .replaceAll(
      /(<a class="mention" data-user="[^"]*") href="[^"]*" data-dialog>([^<]*)<\/a>/g,
      "$1>$2</span>",
    )
    .replaceAll(/<(?:span|a) class="mention" (?:data-user|data-role|href)="([^"]*)">/g, "<mention $1>")
    .replaceAll(/<span class="code-(\w+)">/g, "<$1>")
}

const inline: [written: string, shown: string][] = [
  ["**b** *i* _i_ __u__ ~~s~~", "<strong>b</strong> <em>i</em> <em>i</em> <u>u</u> <s>s</s>"],
  [
    "***bi*** **__bu__** ___ui___",
    "<em><strong>bi</strong></em> <strong><u>bu</u></strong> <u><em>ui</em></u>",
  ],
  ["**bold *and italic* again**", "<strong>bold <em>and italic</em> again</strong>"],
  ["**over\ntwo lines**", "<strong>over\ntwo lines</strong>"],
  [
    "||secret **bold**|| and ||more||",
    "<spoiler>secret <strong>bold</strong></spoiler> and <spoiler>more</spoiler>",
  ],
  ["**b ||s|| b**", "<strong>b <spoiler>s</spoiler> b</strong>"],
  ["a || b", "a || b"],
  ["|||| ____ **** ````", "|||| ____ **** ````"],
  ["**open *and never closed", "**open *and never closed"],
  ["||open __and never closed", "||open __and never closed"],
  ["||one __two|| three__", "<spoiler>one __two</spoiler> three__"],
  [
    "snake_case my__module__name 2 * 3 * 4 2*3*4 x*2*y 2**8**2",
    "snake_case my__module__name 2 * 3 * 4 2*3*4 x*2*y 2**8**2",
  ],
  [
    "un*believ*able **2**nd _1_ __a__b__",
    "un<em>believ</em>able <strong>2</strong>nd <em>1</em> <u>a__b</u>",
  ],
  ["~one~ ~~~three~~~", "~one~ ~~~three~~~"],
  ["\\*no\\* \\_no\\_ \\|\\|no\\|\\| \\`no\\` \\\\", "*no* _no_ ||no|| `no` \\"],
  ["¯\\_(ツ)_/¯ \\_(a)", "¯\\_(ツ)_/¯ _(a)"],
  // Not as strict as documents are.
  [
    '**Note:**text a**(b)**c **🎉**d **"e"**f **g **h',
    "<strong>Note:</strong>text a<strong>(b)</strong>c <strong>🎉</strong>d <strong>&quot;e&quot;</strong>f <strong>g </strong>h",
  ],
  ["** a ** ~~no!~~yes", "<strong> a </strong> <s>no!</s>yes"],
  ["a ** b ** c, word*, other*. 2**(3)**4", "a ** b ** c, word*, other*. 2**(3)**4"],
  ["**a ~~b** c~~ ~~~~", "<strong>a ~~b</strong> c~~ ~~~~"],
  // Of two that overlap, the one that closes first is meant: nothing else could hide what a spoiler holds.
  ["||a **b|| c** ~~d *e~~ f*", "<spoiler>a **b</spoiler> c** <s>d *e</s> f*"],
  [
    '___Wow!___ **"a"**`b` @alice**(c)**',
    "<u><em>Wow!</em></u> <strong>&quot;a&quot;</strong><code>b</code> <mention a1>@alice</span><strong>(c)</strong>",
  ],
  ["*[a* b](https://a.example)*", "<em><a https://a.example>a* b</a></em>"],
  ["C:\\new\\table", "C:\\new\\table"],
  ["中**「文」**字と**字**。", "中<strong>「文」</strong>字と<strong>字</strong>。"],
  ["`**code** <b> ||x|| @alice`", "<code>**code** &lt;b&gt; ||x|| @alice</code>"],
  ["``a ` b`` `over\nlines`", "<code>a ` b</code> <code>over\nlines</code>"],
  ["**a `b** c` d**", "<strong>a <code>b** c</code> d</strong>"],
  ["&amp; &#60; &lt;b&gt; <b>", "&amp;amp; &amp;#60; &amp;lt;b&amp;gt; &lt;b&gt;"],
  ["two  spaces \nkept, and\n\n\nblank lines", "two  spaces \nkept, and\n\n\nblank lines"],
]

const blocks: [written: string, shown: string][] = [
  [
    "# One\n## Two\n### Three\n-# small",
    '<p class="heading-1">One</p><p class="heading-2">Two</p><p class="heading-3">Three</p><p class="subtext">small</p>',
  ],
  ["#### four\n#none\na # b", "#### four\n#none\na # b"],
  ["text\n# Title **b**\ntext", '<p>text</p><p class="heading-1">Title <strong>b</strong></p><p>text</p>'],
  ["> one\n> two\nthree", '<blockquote dir="auto">one\ntwo</blockquote><p>three</p>'],
  ["> one\n>\n> two", '<blockquote dir="auto">one\n\ntwo</blockquote>'],
  [
    "  # One\n  > two\n  > three",
    '<p class="heading-1">One</p><blockquote dir="auto">two\nthree</blockquote>',
  ],
  [">none\na > b\n>", "&gt;none\na &gt; b\n&gt;"],
  ["> > once", '<blockquote dir="auto">&gt; once</blockquote>'],
  ["a\n>>> all\nthe\n\nrest", '<p>a</p><blockquote dir="auto">all\nthe\n\nrest</blockquote>'],
  [
    "> # T\n> - a\n> ```js\n> 1\n> ```",
    '<blockquote dir="auto"><p class="heading-1">T</p><ul dir="auto"><li>a</li></ul><pre><code><number>1</span></code></pre></blockquote>',
  ],
  [
    "- a\n- b\n  - c\n  - d\n- e",
    '<ul dir="auto"><li>a</li><li>b<ul dir="auto"><li>c</li><li>d</li></ul></li><li>e</li></ul>',
  ],
  ["* a\n1. b\n2. c", '<ul dir="auto"><li>a</li></ul><ol dir="auto"><li>b</li><li>c</li></ol>'],
  ["7. a\n8. b", '<ol dir="auto" start="7"><li>a</li><li>b</li></ol>'],
  ["- a\n  goes on\nafter", '<ul dir="auto"><li>a\ngoes on</li></ul><p>after</p>'],
  ["-no\n1.no\n-\n+1\n+\na + b", "-no\n1.no\n-\n+1\n+\na + b"],
  [
    "- a\n\t- b\n\t\t1. c\n\t- d\n- e\n\tgoes on\n-\tf",
    '<ul dir="auto"><li>a<ul dir="auto"><li>b<ol dir="auto"><li>c</li></ol></li><li>d</li></ul></li><li>e\ngoes on</li><li>f</li></ul>',
  ],
  ["- a\n  \t- b", '<ul dir="auto"><li>a<ul dir="auto"><li>b</li></ul></li></ul>'],
  // The plus may mean something: it stays.
  [
    "+ fast\n+ small\n- dear\n  + a\n",
    '<ul class="plus" dir="auto"><li>fast</li><li>small</li></ul><ul dir="auto"><li>dear<ul class="plus" dir="auto"><li>a</li></ul></li></ul>',
  ],
  ["```\n**a**\n\n  b\n```", "<pre><code>**a**\n\n  b</code></pre>"],
  ["a ```code``` b", "<p>a </p><pre><code>code</code></pre><p> b</p>"],
  ["a\n```\n> x\n# y\n```\nb", "<p>a</p><pre><code>&gt; x\n# y</code></pre><p>b</p>"],
  // Spoilers stay hidden, also with lines that begin like blocks.
  [
    "||a\n- b\n> c\n\n# d||\n- e || f",
    '<p><spoiler>a\n- b\n&gt; c\n\n# d</spoiler></p><ul dir="auto"><li>e || f</li></ul>',
  ],
  ["- a\n - b\n- ||c\n- d||", '<ul dir="auto"><li>a</li><li>b</li><li><spoiler>c\n- d</spoiler></li></ul>'],
  ["||```\nhidden\n```||", "<div><spoiler><pre><code>hidden</code></pre></spoiler></div>"],
  ["```never closed", "```never closed"],
  [
    "Title\n===\n\n    indented\n---\n| a | b |\n|---|---|",
    "Title\n===\n\n    indented\n---\n| a | b |\n|---|---|",
  ],
  ["[a]: https://example.org\n[a]", "[a]: <a https://example.org>https://example.org</a>\n[a]"],
]

const linked: [written: string, shown: string][] = [
  [
    "see https://example.org/a_b_c?x=1&y=2.",
    "see <a https://example.org/a_b_c?x=1&amp;y=2>https://example.org/a_b_c?x=1&amp;y=2</a>.",
  ],
  ["<https://example.org>", "<a https://example.org>https://example.org</a>"],
  [
    "**https://a.example** ||https://b.example||",
    "<strong><a https://a.example>https://a.example</a></strong> <spoiler><a https://b.example>https://b.example</a></spoiler>",
  ],
  ["[**docs**](https://example.org/(x)?y)", "<a https://example.org/(x)?y><strong>docs</strong></a>"],
  ["[mail](mailto:a@b.example)", "<a mailto:a@b.example>mail</a>"],
  ["![image](https://example.org/i.png)", "!<a https://example.org/i.png>image</a>"],
  [
    "[x](javascript:alert) [y](/logout) [z](//evil.example) [d](data:text/html,x)",
    "[x](javascript:alert) [y](/logout) [z](//evil.example) [d](data:text/html,x)",
  ],
  // A link must not claim to lead elsewhere than it does.
  [
    "[https://bank.example](https://evil.example)",
    "[<a https://bank.example>https://bank.example</a>](<a https://evil.example>https://evil.example</a>)",
  ],
  ["[||x||](https://example.org)", "[<spoiler>x</spoiler>](<a https://example.org>https://example.org</a>)"],
  ['[a](https://a.example "onclick")', "<a https://a.example>a</a>"],
  ["xhttps://example.org", "xhttps://example.org"],
  // As a phone writes the beginning of a sentence.
  [
    "Https://example.org and [x](HTTP://example.org)",
    "<a Https://example.org>Https://example.org</a> and <a HTTP://example.org>x</a>",
  ],
  [
    "“https://a.example” 「https://b.example」。",
    "“<a https://a.example>https://a.example</a>” 「<a https://b.example>https://b.example</a>」。",
  ],
  [
    "(https://a.example/b_(c), https://d.example/#e) ([f](https://g.example))",
    "(<a https://a.example/b_(c)>https://a.example/b_(c)</a>, <a https://d.example/#e>https://d.example/#e</a>) (<a https://g.example>f</a>)",
  ],
  // A link that nobody can see.
  [
    "[](https://a.example) [ \u200b**\u3164**](https://b.example)",
    "[](<a https://a.example>https://a.example</a>) [ \u200b<strong>\u3164</strong>](<a https://b.example>https://b.example</a>)",
  ],
]

const named: [written: string, shown: string][] = [
  [
    "@cooks of rome, @COOKS of romeo @cook",
    "<mention r2>@cooks of Rome</span>, <mention r1>@Cooks</span> of romeo @cook",
  ],
  [
    '@a"<i>, x@cooks `@cooks` \\@cooks',
    "<mention r4>@a&quot;&lt;i&gt;</span>, x@cooks <code>@cooks</code> @cooks",
  ],
  // Of a person and a role, the longer name; the person if both have the same.
  ["@foo @foo_bar_", "<mention r5>@foo</span> <mention f1>@foo_bar_</span>"],
  ["hi @alice!", "hi <mention a1>@alice</span>!"],
  [
    "@Alice. @alice- (@alice)",
    "<mention a1>@Alice</span>. <mention a1>@alice</span>- (<mention a1>@alice</span>)",
  ],
  ["_@foo_bar_ x_", "<em><mention f1>@foo_bar_</span> x</em>"],
  [
    "**@everyone** ||@alice||",
    "<strong><mention everyone>@everyone</span></strong> <spoiler><mention a1>@alice</span></spoiler>",
  ],
  ["@bob a@alice @alicent \\@alice `@alice`", "@bob a@alice @alicent @alice <code>@alice</code>"],
  [
    "#general #General chat #generals a#general",
    "<mention /servers/lab/channels/c1>#General</a> <mention /servers/lab/channels/c2>#general chat</a> #generals a#general",
  ],
]

describe("what people write becomes what they mean", () => {
  test.each([...inline, ...blocks, ...linked, ...named])("%j", (written, shown) => {
    expect(html(written)).toBe(shown)
  })

  test("without resolved names, text mentions nobody", () => {
    expect(renderContent("@alice #general")).toBe("@alice #general")
  })
})

test("times are rendered in UTC, for the page to localize", () => {
  const at = Date.UTC(2026, 6, 28, 22, 5, 7) / 1000
  const shown = ["", ":t", ":T", ":d", ":D", ":f", ":F", ":R"].map((style) => {
    const [time] = find(renderContent(`**at** <t:${at}${style}>`), "time")
    return `${time?.attributes["data-style"]} ${time?.text}`
  })

  expect(shown).toEqual([
    "f 28 July 2026, 22:05 UTC",
    "t 22:05 UTC",
    "T 22:05:07 UTC",
    "d 28 Jul 2026 UTC",
    "D 28 July 2026 UTC",
    "f 28 July 2026, 22:05 UTC",
    "F Tuesday, 28 July 2026, 22:05 UTC",
    "R 28 July 2026, 22:05 UTC",
  ])
  expect(plainText(`at <t:${at}:t>`)).toBe("at 22:05 UTC")
  for (const none of [
    "<t:x>",
    "<t:1:x>",
    "<t:>",
    "<t:999999999999>",
    "<t:-99999999999>",
    "`<t:0>`",
    "\\<t:0>",
  ])
    expect(find(renderContent(none), "time")).toEqual([])
  // What each reader's page has to do for one message has an end.
  expect(find(renderContent("<t:0>\n- <t:0>\n".repeat(100)), "time")).toHaveLength(30)
})
