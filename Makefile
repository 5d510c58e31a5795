# GNU make. `make help` says what there is.

PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= $(if $(SANITIZE),build-sanitize,$(if $(filter none,$(FORMATS)),build-general,build))
CORPUS ?= ../shared
# Twice as many tests at once as there are processors, as many of them wait for a screen or a lock.
PROVEFLAGS ?= -j$(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN))))

program = $(BUILD)/notmuch-bounce
sources = $(sort $(wildcard filter/*/*.c))
# FORMATS=none: a program that knows no mailer, to see what it makes of one that nobody has described.
formats = share/formats/$(if $(filter none,$(FORMATS)),00-general,*).format
embedded = $(sort $(wildcard share/rules/*.rules share/examples/*.txt $(formats) share/explain/*.txt share/explain/*/*.txt share/addresses/*.txt))
objects = $(sources:%.c=$(BUILD)/%.o) $(BUILD)/embedded.o $(BUILD)/prepared.o
# Parses the rules of share/ when the program is built, on the machine that builds; its sources are the program's.
prepare = $(BUILD)/prepare
prepared = $(filter share/rules/% share/examples/% share/formats/%,$(embedded))
prepare_sources = filter/prepare.c $(addprefix filter/,base/buffer.c base/io.c base/list.c base/memory.c text/text.c \
	mail/address.c mail/header.c $(addprefix knowledge/,format-reader.c likeness.c line-pattern.c numbering.c pattern-builder.c patterns.c phrases.c \
	rule-reader.c source.c tokens.c vocabulary.c))
# What needs an index, GMime or libxml2 are libraries of their own, see filter/base/module.h: they take longer to load than a mail to judge.
light_commands = main cmd cmd-classify cmd-filter cmd-insert cmd-rules option print
light_folders = base text mail knowledge judge
gmime_objects = $(BUILD)/filter/mail/gmime.o
html_objects = $(BUILD)/filter/text/html-page.o
light = $(filter-out $(gmime_objects) $(html_objects),$(foreach folder,$(light_folders),$(filter $(BUILD)/filter/$(folder)/%,$(objects)))) \
	$(BUILD)/filter/index/delivery.o $(BUILD)/embedded.o $(BUILD)/prepared.o $(light_commands:%=$(BUILD)/filter/commands/%.o)
index_objects = $(filter-out $(light) $(gmime_objects) $(html_objects),$(objects))
modules = $(patsubst %,$(BUILD)/notmuch-bounce-%.so,index gmime html)
packages = glib-2.0 talloc $(if $(filter Linux,$(shell uname)),libseccomp)
index_packages = libarchive jansson
gmime_packages = gmime-3.0
html_packages = libxml-2.0
all_packages = $(packages) $(index_packages) $(gmime_packages) $(html_packages)

# Asked once, and only when something is compiled: `make deps` has to work before pkg-config is there.
# -isystem, because the libraries' own headers don't pass our warnings.
package_flags = $(eval package_flags := $$(package_check)$$(shell pkg-config --cflags $(all_packages) | sed 's/-I/-isystem /g'))$(package_flags)
package_check = $(if $(shell pkg-config --exists $(all_packages) && echo yes),,$(error $(all_packages): one is missing; "make deps" installs what it takes))
package_libs = $(eval package_libs := $$(shell pkg-config --libs $(packages)))$(package_libs)
# libnotmuch has no .pc file.
index_libs = $(eval index_libs := $$(shell pkg-config --libs $(index_packages)) -lnotmuch)$(index_libs)
gmime_libs = $(eval gmime_libs := $$(shell pkg-config --libs $(gmime_packages)))$(gmime_libs)
html_libs = $(eval html_libs := $$(shell pkg-config --libs $(html_packages)))$(html_libs)
all_libs = $(libraries) $(index_libs) $(gmime_libs) $(html_libs)

warnings = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wformat=2 -Wvla -Wundef $(if $(WERROR),-Werror)
ifdef SANITIZE
hardening = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
hardening_link = -fsanitize=$(SANITIZE)
else
# A packager's own _FORTIFY_SOURCE is kept.
hardening = $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2) -fstack-protector-strong
hardening_link = $(if $(filter Darwin,$(shell uname)),,-pie -Wl,-z,relro -Wl,-z,now)
endif

# Those that the compiler has for this machine, asked once.
hardening += $(extra_hardening)
extra_hardening = $(eval extra_hardening := $$(foreach flag,-fstack-clash-protection -fcf-protection,$$(shell echo | $(CC) $$(flag) -Werror -x c -c -o /dev/null - 2>/dev/null && echo $$(flag))))$(extra_hardening)

CFLAGS ?= -O2 -g
# The prefix maps keep the folders' names out of the program: the same sources make the same bytes anywhere.
# memory.h: none of talloc's functions comes back without memory.
compile = $(CC) -std=c11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(warnings) $(hardening) -fPIC -fno-plt -fno-semantic-interposition -ffile-prefix-map='$(CURDIR)'=. -ffile-prefix-map='$(BUILD)'=build \
	-Ifilter $(package_flags) -include filter/base/memory.h $(CPPFLAGS) $(CFLAGS)
# The program's functions are there for its modules.
link = $(CC) $(CFLAGS) $(hardening_link) -rdynamic $(LDFLAGS)
link_module = $(CC) $(CFLAGS) $(filter-out -pie,$(hardening_link)) -shared $(LDFLAGS)
libraries = $(package_libs) $(LDLIBS)

# A second make, so that it sees what deps brought in; on all processors, unless the caller said how many.
again = @$(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell getconf _NPROCESSORS_ONLN))

# V=1 shows whole commands.
quiet = $(if $(V),,@echo '  $(1)';)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help deps demo demo-deps check check-sanitize run-check texts accuracy bench bench-deps fuzz fuzz-deps fuzz-programs lint lint-deps completions screenshot install uninstall package-deb clean FORCE
.SUFFIXES:

all: $(program)

#: make help              this
help:
	@sed -n 's/^#: //p' Makefile

#: make                   build build/notmuch-bounce (other folder: BUILD=…)
#:                        WERROR=1: warnings are errors; SANITIZE=address,undefined: into build-sanitize; CC=clang; V=1 shows the commands
$(program): $(light) $(modules) $(BUILD)/flags
	$(call quiet,link  $@)$(link) -o $@ $(light) $(libraries)

# Their other half is the program.
.SECONDEXPANSION:
$(modules): $(BUILD)/notmuch-bounce-%.so: $$($$*_objects) $(BUILD)/flags
	$(call quiet,link  $@)$(link_module) -o $@ $($*_objects) $($*_libs)

units = $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/unit*.c)))
$(BUILD)/unit: $(units) $(filter-out %/main.o,$(objects))
	$(call quiet,link  $@)$(link) -o $@ $^ $(all_libs)

$(BUILD)/suggest $(BUILD)/mime: $(BUILD)/%: $(BUILD)/tests/%.o $(filter-out %/main.o,$(objects))
	$(call quiet,link  $@)$(link) -o $@ $^ $(all_libs)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call quiet,cc    $<)$(compile) -MMD -MP -c -o $@ $<

$(BUILD)/embedded.o: $(BUILD)/embedded.c $(BUILD)/flags
	$(call quiet,cc    $<)$(compile) -Wno-overlength-strings -MMD -MP -c -o $@ $<

$(BUILD)/embedded.c: filter/embed.sh $(embedded) $(BUILD)/embedded.list
	$(call quiet,embed share/)filter/embed.sh $(embedded) > $@.new && mv $@.new $@

$(BUILD)/prepared.o: $(BUILD)/prepared.c $(BUILD)/flags
	$(call quiet,cc    $<)$(compile) -Wno-overlength-strings -MMD -MP -c -o $@ $<

$(BUILD)/prepared.c: $(prepare) $(prepared) $(BUILD)/embedded.list
	$(call quiet,prepare share/)$(prepare) $(prepared) > $@.new && mv $@.new $@

HOST_CC ?= $(CC)
HOST_CFLAGS ?= -O1
$(prepare): $(prepare_sources) $(wildcard filter/base/*.h filter/text/*.h filter/mail/*.h filter/knowledge/*.h) $(BUILD)/flags
	$(call quiet,host  $@)$(HOST_CC) -std=c11 -D_GNU_SOURCE -Ifilter -include filter/base/memory.h $(package_flags) $(HOST_CFLAGS) -o $@ $(prepare_sources) \
		$(package_libs)

# Touched only when what they hold changes: a file less in share/, another compiler or other flags.
keep = @mkdir -p $(@D); printf '%s\n' '$(1)' | cmp -s - $@ || { printf '%s\n' '$(1)' > $@.new && mv $@.new $@; }
$(BUILD)/embedded.list: FORCE
	$(call keep,$(embedded))
$(BUILD)/flags: FORCE
	$(call keep,$(subst ','\'',$(compile) / $(link) $(all_libs) / $(link_module)))

-include $(objects:.o=.d) $(units:.o=.d) $(BUILD)/tests/suggest.d $(BUILD)/tests/mime.d $(wildcard $(BUILD)/tests/fuzz/*.d)

#: make deps              install what building and testing need, if anything is missing (apt; elsewhere: names the packages)
deps:
	@.ci/deps build test

#: make demo              everything from nothing: mail comes back to a made-up person, in a folder of its own that is left to play in
demo: demo-deps
	$(again) all
	@NOTMUCH_BOUNCE=$(abspath $(program)) tests/demo.sh

demo-deps:
	@.ci/deps build demo

#: make check             everything from nothing: build and run the tests
#:                        THOROUGH=1: those too that take minutes to find what hardly a change breaks, as CI does
check: deps
	$(again) run-check

#: make check-sanitize    the same, under the address and undefined behaviour sanitizers
check-sanitize: deps
	$(again) run-check SANITIZE=address,undefined

run-check: $(program) $(if $(wildcard tests/unit.c),$(BUILD)/unit) $(BUILD)/suggest $(BUILD)/mime
	@NOTMUCH_BOUNCE=$(abspath $(program)) BUILD=$(abspath $(BUILD)) HISTORIES=$(HISTORIES) prove --directives $(PROVEFLAGS) $(tests)

# The longest first, so that none of them is left alone at the end.
long_tests = $(addprefix tests/,reproducible.t insert-killed.t tag-killed.t resend-keys.t faults.t confluence.t mutt.t setup.t sandbox.t neomutt.t resend-boundaries.t hostile.t \
	fdm.t)
thorough_tests = tests/insert-killed.t tests/tag-killed.t tests/reproducible.t
tests = $(filter-out $(if $(THOROUGH),$(if $(SANITIZE),tests/reproducible.t),$(thorough_tests)),\
	$(wildcard $(long_tests)) $(filter-out $(long_tests),$(sort $(wildcard tests/*.t))))
HISTORIES ?= $(if $(THOROUGH),500,100)

#: make texts LANG=pt      what a person is told, in that language: every reason and kind of mail at 80 columns; the texts in share/ and your own ones
texts: $(program)
	@tests/texts.sh $(abspath $(program)) '$(LANG)'

#: make accuracy CORPUS=… score against judged mail (a set, or a folder of sets) and our own paraphrases; fails when a figure
#:                        falls below tests/accuracy.floor. RAISE=1: lift the floors to what was reached; MISSES=50: list mistakes
#:                        FORMATS=none: with nothing but the general reader of notices, in build-general, whatever the floors are
accuracy:
	@.ci/deps build score
	$(again) all
	@NOTMUCH_BOUNCE=$(abspath $(program)) tests/accuracy.sh $(if $(RAISE),--raise) $(wildcard $(CORPUS))$(if $(filter none,$(FORMATS)), || true)

#: make bench             speed, memory and what is found, beside Sisimai, flufl.bounce, BounceParser and bare parsing, in one run
bench: bench-deps
	$(again) all $(BUILD)/bench-run $(BUILD)/bench-gmime $(BUILD)/bench-nothing
	@NOTMUCH_BOUNCE=$(abspath $(program)) BUILD=$(abspath $(BUILD)) tests/bench.sh $(bench_corpus)
	@NOTMUCH_BOUNCE=$(abspath $(program)) BUILD=$(abspath $(BUILD)) tests/bench-others.sh $(bench_corpus)
	@NOTMUCH_BOUNCE=$(abspath $(program)) BUILD=$(abspath $(BUILD)) tests/bench-index.sh
	@NOTMUCH_BOUNCE=$(abspath $(program)) BUILD=$(abspath $(BUILD)) tests/bench-lists.sh
	@NOTMUCH_BOUNCE=$(abspath $(program)) BUILD=$(abspath $(BUILD)) tests/bench-nasty.sh

bench_corpus = $(if $(wildcard $(CORPUS)/truth.tsv),$(CORPUS),$(CORPUS)/corpus)

bench-deps:
	@.ci/deps build bench

# The only one that is linked with it: to parse with nothing else.
$(BUILD)/bench-gmime: private LDLIBS += $(shell pkg-config --libs gmime-3.0)

$(BUILD)/bench-%: $(BUILD)/tests/bench-%.o
	$(call quiet,link  $@)$(link) -o $@ $< -Wl,--no-as-needed $(libraries)

#: make fuzz              give each part that reads what others wrote made-up input for SECONDS=60, under libFuzzer and the sanitizers of clang
#:                        FUZZ='judge rules': only these; RUNS=5000: so many inputs instead, the same ones each time; what breaks one stays in
#:                        build-fuzz/findings
fuzz: fuzz-deps
	$(again) fuzz-programs BUILD=build-fuzz CC=clang SANITIZE=fuzzer-no-link,address,undefined
	@SEED='$(or $(SEED),$(if $(RUNS),1))' RUNS='$(RUNS)' tests/fuzz.sh build-fuzz $(or $(SECONDS),60) $(FUZZ)

fuzz-deps:
	@.ci/deps build fuzz

fuzz-programs: $(program) $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz-%,$(filter-out tests/fuzz/fuzz.c,$(wildcard tests/fuzz/*.c)))

$(BUILD)/fuzz-%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/fuzz.o $(filter-out %/main.o,$(objects))
	$(call quiet,link  $@)$(link) -fsanitize=fuzzer -o $@ $^ $(all_libs)

#: make lint              shellcheck, the manual pages, and a clang build without a warning
lint: lint-deps
	shellcheck $(shell grep -lE '^\#!.*[/ ](ba)?sh\b' .ci/* filter/* share/recipes/* share/packaging/* tests/* 2>/dev/null)
	mandoc -Tlint -Wwarning share/man/*.[15] share/man/*/*.1
	$(again) all build-clang/unit build-clang/suggest BUILD=build-clang CC=clang WERROR=1

lint-deps:
	@.ci/deps build lint

#: make completions       write share/completions anew, after a change of a command's options or help
completions: all
	@cd share/completions && for shell in bash zsh fish; do \
		file=notmuch-bounce.$$shell; [ $$shell != zsh ] || file=_notmuch_bounce; \
		./generate.pl '$(abspath $(program))' $$shell >$$file.new && mv $$file.new $$file || exit; done

#: make screenshot        share/screenshot.png, the picture of the README, taken anew; neomutt, tmux, chromium and fonts have to be there
screenshot: all
	@NOTMUCH_BOUNCE=$(abspath $(program)) tests/screenshot.sh

#: make install           to PREFIX=/usr/local, below DESTDIR if given
install uninstall: export PREFIX := $(PREFIX)
install uninstall: export DESTDIR := $(DESTDIR)
install uninstall: export PROGRAM := $(program)
install uninstall: export MODULES := $(modules)
install: all
	@share/packaging/install.sh

#: make uninstall         remove what install put there
uninstall:
	@share/packaging/install.sh --remove

#: make package-deb       build a Debian package, in build-package, and have lintian look at it
package-deb:
	@.ci/deps build package
	@share/packaging/deb.sh

#: make clean             remove build folders
clean:
	rm -rf build build-*
