/** Texts with addresses, and what their links lead to. */
export const hostileLinks: [text: string, hrefs: string[]][] = [
  ["see https://example.org/a?b=c&d=e#f now", ["https://example.org/a?b=c&d=e#f"]],
  ['https://example.org/"onmouseover="alert(1)', ["https://example.org/"]],
  ["https://example.org/'onmouseover='alert(1)", ["https://example.org/'onmouseover='alert(1)"]],
  ["https://example.org/`x=y", ["https://example.org/"]],
  ["https://example.org/<b>x</b>", ["https://example.org/"]],
  ["https://example.org/>x", ["https://example.org/"]],
  [
    "(https://example.org/a(b)) [https://example.org/c]",
    ["https://example.org/a(b)", "https://example.org/c"],
  ],
  ["https://example.org/[x](javascript:alert(1))", ["https://example.org/[x"]],
  ["blob:https://example.org/", ["https://example.org/"]],
  ["https://example.org/&quot;onclick=x", ["https://example.org/&quot;onclick=x"]],
  ["https://example.org/\u202egnp.exe", ["https://example.org/"]],
  [
    "https://example.org/\u2066x\u2069 \u200fhttps://b.example",
    ["https://example.org/", "https://b.example"],
  ],
  [
    "https://bücher.example/ä https://еxample.org/ https://例え.テスト/",
    ["https://bücher.example/ä", "https://еxample.org/", "https://例え.テスト/"],
  ],
  [
    "https://example.org@evil.example/ http://1.2.3.4:80/",
    ["https://example.org@evil.example/", "http://1.2.3.4:80/"],
  ],
  ["javascript://https://example.org/%0aalert(1)", ["https://example.org/%0aalert(1)"]],
  ["https://example.org/\nhx-get=/logout https:// http://", ["https://example.org/"]],
  ["https://example.org/\0x", ["https://example.org/"]],
]

/** Pieces of which a text full is hard to find links in. */
export const hardPieces: string[] = [
  ..."> < * [ ( ) \" ' & . , ! _ ~ ` # | \\ / : @ \n \u202e \ud800".split(" "),
  ...["https://", "http://a", "https://.", "https://a(", "https://)", "(https://a)", "[https://a](", "&amp;"],
  "https://a.",
  ...[
    "https://a/[",
    "_https://a/b_",
    "https://a/_",
    "https://a。",
    "https://a@",
    "https://a/é",
    "https://a/（",
    "&a;",
  ],
  ...['](https://a "', "](https://a '", "](<https://a", "](https://a(", "[a](https://a (b"],
]
