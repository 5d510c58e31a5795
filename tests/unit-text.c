/* What text.h does, case by case. */
#include "unit.h"

#include <glib.h>

#include "text/text.h"

static const struct {
	const char *why, *charset, *bytes;
	size_t length;
	const char *expected;
} utf8_cases[] = {
        /* the sender's word, where the bytes bear it out */
        {"ASCII", "us-ascii", BYTES("User unknown"), "User unknown"},
        {"no charset", NULL, BYTES("User unknown"), "User unknown"},
        {"nothing at all", "", BYTES(""), ""},
        {"UTF-8", "utf-8", BYTES("Gr\xC3\xB6\xC3\x9F\x65"), "Größe"},
        {"any case", "Utf-8", BYTES("\xE9\x85\x8D"), "配"},
        {"ISO-2022-JP", "iso-2022-jp", BYTES("\x1B$B%a!<%k\x1B(B ok"), "メール ok"},
        {"Shift_JIS", "Shift_JIS", BYTES("\x83\x81\x81[\x83\x8B"), "メール"},
        {"EUC-JP", "euc-jp", BYTES("\xA5\xE1\xA1\xBC\xA5\xEB"), "メール"},
        {"UTF-7", "utf-7", BYTES("Gr+APY-+AN8-e"), "Größe"},
        {"KOI8-R", "koi8-r", BYTES("\xCE\xC5\xD4"), "нет"},
        {"Windows-1251", "windows-1251", BYTES("\xED\xE5\xF2"), "нет"},
        {"Big5", "big5", BYTES("\xB6l\xA5\xF3"), "郵件"},
        {"Windows-1258, with an accent after ASCII", "windows-1258", BYTES("la\xCC ti\xEA\xECng"), "là tiếng"},
        {"VISCII, with letters among the controls", "viscii", BYTES("\x02 \x1E"), "Ẳ Ỵ"},
        {"VISCII, the same before others", "viscii", BYTES("\x02 \xE0"), "Ẳ à"},
        {"ISO-2022-KR, whose letters are ASCII bytes", "iso-2022-kr",
                BYTES("\x1B$)C\x0E"
                      "FmAv\x0F ok"),
                "편지 ok"},
        {"UTF-16, whose NULs are half a character", "utf-16le", BYTES("a\0b\0"), "ab"},

        /* what senders call one charset and mean another */
        {"GB2312 that is GB18030", "gb2312", BYTES("\xD3\xCA\xBC\xFE\x81\x30\x84\x36"), "邮件\xC2\xA5"},
        {"ks_c_5601-1987 that is CP949", "ks_c_5601-1987", BYTES("\xC6\xED\xC1\xF6 \x8C\x63"), "편지 똠"},
        {"Latin-1 that is Windows-1252", "iso-8859-1", BYTES("\x93quota\x94 \x80 5"), "“quota” € 5"},
        {"Shift_JIS that is CP932", "shift_jis", BYTES("\x87\x40\x87\x8A"), "①㈱"},
        {"ISO-2022-JP with vendor characters", "iso-2022-jp", BYTES("\x1B$B-!-j\x1B(B"), "①㈱"},
        {"ISO-2022-JP with half-width katakana", "iso-2022-jp", BYTES("\x1B(I4W0\x1B(B."), "ｴﾗｰ."},
        {"ISO-2022-JP with SO and SI", "iso-2022-jp",
                BYTES("\x0E"
                      "4W0\x0F."),
                "ｴﾗｰ."},
        {"ISO-2022-JP-1 with JIS X 0212", "iso-2022-jp-1", BYTES("\x1B$(D0!\x1B(B"), "丂"},
        {"ISO-2022-JP left open", "iso-2022-jp", BYTES("\x1B$B%a!<%k"), "メール"},
        {"ISO-2022-JP cut inside a character", "iso-2022-jp", BYTES("\x1B$B%a!<%"), "メー"},
        {"ISO-2022-JP cut inside an escape", "iso-2022-jp", BYTES("\x1B$B%a\x1B("), "メ"},
        {"ISO-2022-JP begins each line anew", "iso-2022-jp", BYTES("\x1B$B%a\nUser"), "メ\nUser"},

        /* the sender's word, where the bytes don't */
        {"EUC-JP said to be ISO-2022-JP", "iso-2022-jp", BYTES("\xA5\xE1\xA1\xBC\xA5\xEB"), "メール"},
        {"Shift_JIS said to be ISO-2022-JP", "iso-2022-jp", BYTES("\x83\x81\x81[\x83\x8B"), "メール"},
        {"Shift_JIS said to be EUC-JP", "euc-jp", BYTES("\x83\x81\x81[\x83\x8B"), "メール"},
        {"UTF-8 said to be ISO-2022-JP", "iso-2022-jp", BYTES("\xE3\x83\xA1\xE3\x83\xBC\xE3\x83\xAB"), "メール"},
        {"UTF-8 said to be Latin-1", "iso-8859-1", BYTES("Gr\xC3\xB6\xC3\x9F\x65"), "Größe"},
        {"UTF-8 said to be ASCII", "us-ascii", BYTES("\xE9\x85\x8D"), "配"},
        {"ISO-2022-JP said to be ASCII", "us-ascii", BYTES("\x1B$B%a!<%k\x1B(B"), "メール"},
        {"ISO-2022-JP said to be Latin-1", "iso-8859-1", BYTES("\x1B$B%a!<%k\x1B(B"), "メール"},
        {"ISO-2022-JP inside UTF-8 loses its escapes", "utf-8", BYTES("\xC3\xA9 \x1B$B%a\x1B(B"), "é %a"},
        {"Windows-1252 said to be UTF-8", "utf-8", BYTES("caf\xE9 ferm\xE9"), "café fermé"},
        {"Windows-1252 said to be ASCII", "us-ascii",
                BYTES("Gr\xF6\xDF\x65 \xFC"
                      "berschritten"),
                "Größe überschritten"},
        {"French is not Shift_JIS", "unknown-8bit",
                BYTES("l'adresse sp\xE9"
                      "cifi\xE9"
                      "e a d\xE9pass\xE9"),
                "l'adresse spécifiée a dépassé"},
        {"Shift_JIS, charset unknown", "unknown-8bit", BYTES("\x83\x81\x81[\x83\x8B"), "メール"},
        {"EUC-JP, charset unknown", "x-unknown", BYTES("\xA5\xE1\xA1\xBC\xA5\xEB"), "メール"},
        {"GB18030, charset unknown", NULL, BYTES("\xD3\xCA\xBC\xFE\xCE\xB4\xCB\xCD\xB4\xEF"), "邮件未送达"},
        {"ANSI colours are not ISO-2022", "utf-8", BYTES("\x1B[1mbold"), "\x1B[1mbold"},

        /* damage */
        {"a byte amiss in UTF-8", "utf-8", BYTES("一二三四五六\xFF七八九十一二"), "一二三四五六\xEF\xBF\xBD七八九十一二"},
        {"a byte amiss in EUC-JP", "euc-jp",
                BYTES("\xA5\xE1\xA1\xBC\xA5\xEB\xA5\xE1\xA1\xBC\xA5\xEB\xA5\xE1\xA1\xBC\xA5\xEB\xA5\xEB\xA5\xEB\xFF\n"),
                "メールメールメールルル\xEF\xBF\xBD\n"},
        {"UTF-8 cut inside a character", "utf-8", BYTES("一二三四五六七八九十一二\xE9\x85"), "一二三四五六七八九十一二"},
        {"a NUL inside a character", "utf-8", BYTES("一二三四五六七八九十一二\xE9\0 and more"),
                "一二三四五六七八九十一二\xEF\xBF\xBD and more"},
        {"not even Windows-1252", "us-ascii", BYTES("\x81\xFF x"), "\xEF\xBF\xBDÿ x"},
        {"NULs", "us-ascii", BYTES("a\0b\0"), "ab"},
        {"surrogates are not UTF-8", "utf-8", BYTES("\xED\xA0\x80"), "í\xC2\xA0€"},
        {"an overlong slash is not UTF-8", "utf-8", BYTES("\xC0\xAF"), "À¯"},

        /* names that are none */
        {"a name with a suffix for iconv", "ascii//TRANSLIT", BYTES("\xC3\xB6"), "ö"},
        {"a name that is a path", "../../etc/passwd", BYTES("ok"), "ok"},
        {"a name too long", "utf-7-utf-7-utf-7-utf-7-utf-7-utf-7-utf-7", BYTES("+APY-"), "+APY-"},
        {"a charset that iconv has and mail hasn't", "IBM1364", BYTES("\xC3\xB6"), "ö"},
        {"EBCDIC among the names of IBM", "ibm870", BYTES("550 \xC3\xB6"), "550 ö"},
        {"and among those of Microsoft", "cp875", BYTES("550 \xC3\xB6"), "550 ö"},
};

static const struct {
	const char *bytes;
	bool expected;
} is_utf8_cases[] = {
        {"", true},
        {"ascii only, and more than eight bytes", true},
        {"é配😀", true},
        {"\xF4\x8F\xBF\xBF", true},
        {"\xF4\x90\x80\x80", false},
        {"\xED\xA0\x80", false},
        {"\xE0\x80\xAF", false},
        {"\xC1\xBF", false},
        {"caf\xE9", false},
        {"\xE9\x85", false},
        {"\x80", false},
};

static const struct {
	const char *text, *expected;
} fold_cases[] = {
        {"User Unknown", "user unknown"},
        {"  \t two \r\n\n lines \n", "two lines"},
        {"", ""},
        {" \n ", ""},
        {"ＵＳＥＲ　ｕｎｋｎｏｗｎ！", "user unknown!"},
        {"全角　空白", "全角空白"},
        {"non\xC2\xA0"
         "breaking\xE2\x80\x89thin",
                "non breaking thin"},
        {"ﾒｰﾙﾎﾞｯｸｽ ﾊﾟｽ", "メールボックスパス"},
        {"｡｢｣､･", "。「」、・"},
        {"\xE3\x81\x8B\xE3\x82\x99", "が"},
        {"e\xCC\x81tat", "état"},
        {"ÄÖÜ ÀÇÉ ŁŻŚ Ÿ", "äöü àçé łżś ÿ"},
        {"ÑANDÚ ß × ÷", "ñandú ß × ÷"},
        {"ΔΕΝ ΥΠΆΡΧΕΙ ὁδός", "δεν υπάρχει ὁδόσ"},
        {"ПОЛЬЗОВАТЕЛЬ НЕ НАЙДЕН Ё Ґ", "пользователь не найден ё ґ"},
        {"KULLANICI İ kullanıcı", "kullanici i kullanici"},
        {"‘it’s’ “so” „so“ «so»", "'it's' \"so\" \"so\" \"so\""},
        {"5.1.1‐x – y — z − 〜", "5.1.1-x - y - z - ~"},
        {"mail\xC2\xAD"
         "box un\xE2\x80\x8Bknown\xEF\xBB\xBF",
                "mailbox unknown"},
        {"bell\x07 and esc\x1B[1m\x7F", "bell and esc[1m"},
        {"stray \xFF byte", "stray ? byte"},
        {"배달 실패 郵件", "배달실패郵件"},
        {"迷惑\n メール mail", "迷惑メール mail"},
        {"ﾎﾞｯｸｽ: ﾎ\nﾞｯｸｽ", "ボックス: ボックス"},
        /* taken apart, as macOS does */
        {"\xE1\x84\x87\xE1\x85\xA2\xE1\x84\x83\xE1\x85\xA1\xE1\x86\xAF "
         "\xE1\x84\x89\xE1\x85\xB5\xE1\x86\xAF\xE1\x84\x91\xE1\x85\xA2",
                "배달실패"},
};

static const struct {
	const char *text;
	size_t max;
	const char *expected;
} line_cases[] = {
        {"550 5.1.1 User unknown", 100, "550 5.1.1 User unknown"},
        {" 550\r\n  5.1.1\tUser\n", 100, "550 5.1.1 User"},
        {"title \x1B]2;owned\x07 end", 100, "title ]2;owned end"},
        {"C1 \xC2\x9B"
         "1m and DEL\x7F",
                100, "C1 1m and DEL"},
        {"bidi \xE2\x80\xAEgnp.exe\xE2\x80\xAC \xD8\x9C\xE2\x81\xA6", 100, "bidi gnp.exe"},
        {"tag \xF3\xA0\x81\x81.", 100, "tag ."},
        {"line\xE2\x80\xA8paragraph\xE2\x80\xA9"
         "end",
                100, "line paragraph end"},
        {"stray \xE9 byte", 100, "stray \xEF\xBF\xBD byte"},
        {"abcdefgh", 8, "abcdefgh"},
        {"abcdefghi", 8, "abcde…"},
        {"abcd fghi", 8, "abcd…"},
        {"配信配信", 12, "配信配信"},
        {"配信配信", 11, "配信…"},
        {"配信", 3, "…"},
        {"配信", 2, ""},
        {"ab", 1, "a"},
        {"ab", 0, ""},
        {"ab   ", 2, "ab"},
        {"so\xC2\xAD"
         "ft, zero\xE2\x80\x8Bwidth, joined\xE2\x81\xA0, variant\xEF\xB8\x8F\xF3\xA0\x84\x80, "
         "filler\xE3\x85\xA4\xEF\xBE\xA0\xE1\x85\x9F, mark\xEF\xBB\xBF",
                100, "soft, zerowidth, joined, variant, filler, mark"},
        {"blank\xE2\xA0\x80pattern", 100, "blank pattern"},
        {"a\xCC\xB8\xCC\xB8"
         "b\xCC\xB8\xCC\xB8"
         "c\xCC\xB8\xCC\xB8",
                100,
                "a\xCC\xB8\xCC\xB8"
                "b\xCC\xB8\xCC\xB8"
                "c\xCC\xB8\xCC\xB8"},
        {"e\xCC\x81\xCC\x82\xCC\x83\xCC\x84\xCC\x85"
         "e\xCC\x81",
                100,
                "e\xCC\x81\xCC\x82\xCC\x83"
                "e\xCC\x81"},
};

/* The same in addresses, where what can't be seen makes another one. */
static const struct {
	const char *text;
	const char *expected;
} address_text_cases[] = {
        {"tanaka@example.jp", "tanaka@example.jp"},
        {"ta\xE2\x80\x8Bnaka@example.jp", "ta\\u200bnaka@example.jp"},
        {"\xE2\x80\xAEtanaka@example.jp\xF3\xA0\x81\x81", "\\u202etanaka@example.jp\\U000e0041"},
        {"田中@例え.example", "田中@例え.example"},
        {"ta\x1B[2Jnaka@example.jp", "ta[2Jnaka@example.jp"},
};

static const struct {
	const char *text;
	size_t expected;
} width_cases[] = {
        {"", 0},
        {"user unknown", 12},
        {"配信不能", 8},
        {"ﾒｰﾙ", 3},
        {"Größe", 5},
        {"e\xCC\x81", 1},
        {"편지", 4},
        {"📮", 2},
        {"a\x1B"
         "b",
                2},
};

static const struct {
	const char *pattern, *value;
	bool expected;
} glob_cases[] = {
        {"", "", true},
        {"", "a", false},
        {"*", "", true},
        {"*", "anything", true},
        {"rfc3464", "rfc3464", true},
        {"rfc3464", "rfc34645", false},
        {"*.docomo.ne.jp", "mfsmax.docomo.ne.jp", true},
        {"*.docomo.ne.jp", "docomo.ne.jp", false},
        {"*.DOCOMO.ne.jp", "mfsmax.docomo.NE.JP", true},
        {"mail*system", "mail delivery system", true},
        {"mail*system", "mailsystem", true},
        {"mail*system", "mail delivery systems", false},
        {"a*b*c", "a b b c", true},
        {"a*b*c", "a c b", false},
        {"ab*ba", "aba", false},
        {"*ab*ab*", "xabyabz", true},
        {"*ab*ab*", "xabz", false},
        {"**", "x", true},
        {"a?c", "abc", false},
        {"[a]", "a", false},
};

UNIT(test_text_to_utf8)
{
	for (size_t i = 0; i < COUNT(utf8_cases); i++) {
		const char *charset = utf8_cases[i].charset, *expected = utf8_cases[i].expected;
		char *got = text_to_utf8(ctx, utf8_cases[i].bytes, utf8_cases[i].length, charset);

		is_string(got, expected, "to utf-8, %s: %s in %s ==> %s", utf8_cases[i].why,
		        show(utf8_cases[i].bytes, utf8_cases[i].length), charset ? charset : "nothing",
		        show(expected, strlen(expected)));
	}
}

/* Returns whether BYTE, in each place of eight, which are folded at once if all are plain, becomes what
 * it is between two letters. */
static bool folds_anywhere(const void *ctx, char byte)
{
	const char *alone = text_fold(ctx, (char[]){'A', byte, 'Z'}, 3);
	bool same = true;

	for (size_t at = 0; at < 8; at++) {
		char eight[] = "@AZ[`az{", *expected;

		eight[at] = byte;
		expected = talloc_asprintf(
		        ctx, "%.*s%.*s%s", (int)at, "@az[`az{", (int)strlen(alone) - 2, alone + 1, &"@az[`az{"[at + 1]);
		same = same && strcmp(text_fold(ctx, eight, 8), g_strstrip(expected)) == 0;
	}
	return same;
}

UNIT(test_text_fold)
{
	int byte = 0;

	while (byte < 256 && folds_anywhere(ctx, (char)byte))
		byte++;
	ok(byte == 256, "fold: each byte in each place of eight: %d of 256", byte);
	for (size_t i = 0; i < COUNT(is_utf8_cases); i++)
		ok(text_is_utf8(is_utf8_cases[i].bytes, strlen(is_utf8_cases[i].bytes)) == is_utf8_cases[i].expected,
		        "is utf-8: %s ==> %s", show(is_utf8_cases[i].bytes, strlen(is_utf8_cases[i].bytes)),
		        is_utf8_cases[i].expected ? "yes" : "no");
	for (size_t i = 0; i < COUNT(fold_cases); i++) {
		const char *text = fold_cases[i].text, *expected = fold_cases[i].expected;
		char *once = text_fold(ctx, text, strlen(text));

		is_string(once, expected, "fold: %s ==> %s", text, expected);
		is_string(text_fold(ctx, once, strlen(once)), once, "fold: again ==> the same");
	}
}

static const struct {
	const char *text;
	bool expected;
} lookalike_cases[] = {
        {"example", false},
        {"bücher-1", false},
        {"日本語", false},
        {"tokyo東京タワー2", false},
        {"서울city", false},
        {"пример", false},
        {"παράδειγμα", false},
        {"", false},
        {"ex\u0430mple", true}, /* one Cyrillic letter */
        {"gοοgle", true},       /* two Greek ones */
        {"аррӏе", true},        /* all Cyrillic */
        {"日本語а", true},
};

UNIT(test_text)
{
	for (size_t i = 0; i < COUNT(line_cases); i++) {
		const char *text = line_cases[i].text, *expected = line_cases[i].expected;

		is_string(text_one_line(ctx, text, line_cases[i].max), expected, "one line: %s, %zu ==> %s",
		        show(text, strlen(text)), line_cases[i].max, expected);
	}
	for (size_t i = 0; i < COUNT(address_text_cases); i++)
		is_string(text_address(ctx, address_text_cases[i].text, strlen(address_text_cases[i].text), 100),
		        address_text_cases[i].expected, "in an address: %s", address_text_cases[i].expected);
	ok(text_is_clean("a  b　見積") && !text_is_clean("a\xE2\x80\x8B") && !text_is_clean("\xFF") && !text_is_clean("\x1B") &&
	                !text_is_clean("a\n"),
	        "what can be shown as it is");
	for (size_t i = 0; i < COUNT(lookalike_cases); i++)
		ok(text_is_lookalike(lookalike_cases[i].text) == lookalike_cases[i].expected, "%s: %s", lookalike_cases[i].text,
		        lookalike_cases[i].expected ? "may pass for another" : "passes for itself");
	for (size_t i = 0; i < COUNT(width_cases); i++) {
		size_t got = text_width(width_cases[i].text);

		ok(got == width_cases[i].expected, "width: %s ==> %zu (%zu)",
		        show(width_cases[i].text, strlen(width_cases[i].text)), width_cases[i].expected, got);
	}
	for (size_t i = 0; i < COUNT(glob_cases); i++)
		ok(text_glob(glob_cases[i].pattern, glob_cases[i].value) == glob_cases[i].expected, "glob: %s, %s ==> %s",
		        glob_cases[i].pattern, glob_cases[i].value, glob_cases[i].expected ? "yes" : "no");
}
