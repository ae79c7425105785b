import { describe, expect, test } from "bun:test"
import { renderContent } from "../../../src/features/messages/render.ts"
import { find } from "../../support/html.ts"

/** As HTML, with the name of each color as an element. */
function html(text: string): string {
  return renderContent(text).replaceAll(/<span class="code-(\w+)">/g, "<$1>")
}

describe("code is colored by its language", () => {
  test.each([
    [
      "js",
      'const a = "b" // c',
      "<keyword>const</span> a = <string>&quot;b&quot;</span> <comment>// c</span>",
    ],
    ["py", "def f(x): # c", "<keyword>def</span> <call>f</span>(x): <comment># c</span>"],
    ["sql", "SELECT 1 FROM t", "<keyword>SELECT</span> <number>1</span> <keyword>FROM</span> t"],
    ["diff", "- old\n+ new", "<removed>- old</span>\n<added>+ new</span>"],
    [
      "html",
      "<a b='c'>d</a>",
      "<mark>&lt;a</span> <mark>b</span>=<string>&#x27;c&#x27;</span><mark>&gt;</span>d<mark>&lt;/a</span><mark>&gt;</span>",
    ],
    ["json", '{"a": "b"}', "{<mark>&quot;a&quot;</span>: <string>&quot;b&quot;</span>}"],
    [
      "rust",
      "fn f<'a>(x: &'a str) {}",
      "<keyword>fn</span> f&lt;&#x27;a&gt;(x: &amp;&#x27;a <keyword>str</span>) {}",
    ],
    ["unheard-of", "let a", "let a"],
    ["__proto__", "let a", "let a"],
  ])("%s", (language, code, colored) => {
    expect(html(`\`\`\`${language}\n${code}\n\`\`\``)).toBe(`<pre><code>${colored}</code></pre>`)
  })

  test("in every language, without losing or adding a character", () => {
    const code = `# a // b <!-- c --> "d" 'e' \`f\` 0x1f a.b(c) { } é 中 @x $y :z 'a "unclosed\n-- g\n/* h`
    for (const name of "js ts json py sh c cpp cs java kt swift go rs rb php lua sql html css yaml toml docker diff".split(
      " ",
    )) {
      const [pre] = find(renderContent(`\`\`\`${name}\n${code}\n\`\`\``), "pre")
      expect([name, pre?.text]).toEqual([name, code])
    }
  })
})
