#!/usr/bin/perl
# typos.pl: a made-up person's addresses, typical slips in them, and addresses that are none.
#
#   typos.pl index FOLDER [COUNT]   mails with COUNT addresses (1000), in the Maildir FOLDER
#   typos.pl typos NUMBER [COUNT]   NUMBER slips in them: what was typed, a tab, what was meant, a tab, which kind of slip
#   typos.pl others NUMBER [COUNT]  NUMBER right addresses that are not among them: the address, a tab, which kind
#
# The same arguments make the same bytes; COUNT must be the same in all three. Nothing here knows how the program judges.
#
# The addresses: Japanese and western people as firms, schools and providers name them (first.last, f.last, last.first, last, firstlast, first_last,
# first-last, last and a number, first, info and sales), 220 domains, a third of all addresses at two big providers. Half of the people get mail too.
#
# The slips, by how often people make them (some four of five mistyped words have one letter wrong, missing, too many, or two swapped):
#   drop 25     a letter is missing                  beside 20   the key beside (QWERTY) instead
#   swap 17     two neighbours changed places        double 8    a letter twice
#   point 10    a . - or _ missing, or another       stray 8     one too many, from a key beside
#   other 5     any other letter instead             single 3    a double letter once
#   two 4       two of these
# each at any letter of the whole address with the same likelihood, so that the domain gets its share. What would be another address of the index is not taken.
#
# The others: colleagues of people in the index, by the same habits (60 of 100); the next number (`tanaka3` beside `tanaka2`, 10); people known from the
# office at a provider (10); one letter of a first name's initial is another (`k.sato` beside `t.sato`, 10); info, sales and the like (10).
use strict;
use warnings;

my ($what, $argument, $count) = @ARGV;
my $addresses = $count // 1000;
die "usage: typos.pl index FOLDER [COUNT] | typos NUMBER [COUNT] | others NUMBER [COUNT]\n"
    unless defined $argument && ($what // '') =~ /^(index|typos|others)$/;

sub pick { $_[int rand @_] }

my @japanese_last = qw(sato suzuki takahashi tanaka ito watanabe yamamoto nakamura kobayashi kato yoshida yamada sasaki yamaguchi matsumoto inoue
    kimura hayashi saito shimizu yamazaki mori abe ikeda hashimoto ishikawa yamashita nakajima ogawa ishii maeda okada hasegawa fujita goto kondo
    murakami endo aoki sakamoto ota fujii nishimura fukuda okamoto miura nakagawa fujiwara matsuda nakano harada ono tamura takeuchi kaneko wada
    nakayama ishida ueda morita hara shibata sakai kudo yokoyama miyazaki miyamoto uchida takagi ando taniguchi ohno maruyama imai takada kono
    fujimoto murata takeda ueno sugiyama masuda koyama otsuka hirano chiba kubo matsui);
my @japanese_first = qw(taro hanako hiroshi kenji yuki takashi makoto akira satoshi kazuo hideki mariko yoko keiko sachiko naoki daisuke kenta
    shota haruka misaki ayumi tomoko junko masako yumi emi mika rie kaori takuya yusuke ryo sho koji shinji osamu mamoru noboru susumu);
my @western_last = qw(smith jones taylor brown williams wilson johnson davies robinson wright thompson evans walker white roberts green hall
    mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann koch bauer richter klein wolf schroeder neumann martin bernard dubois
    durand leroy moreau simon laurent lefebvre garcia rodriguez gonzalez fernandez lopez martinez rossi russo ferrari bianchi novak kowalski
    andersson johansson nielsen hansen jansen devries petrov ivanov);
my @western_first = qw(anna maria peter thomas michael sarah laura julia paul david daniel andreas stefan martina sabine claire sophie pierre
    jean luc carlos jose miguel elena sofia marco luca giulia emma oliver harry george alice charlotte erik lars ingrid jan piotr katarzyna);
my @beginnings = qw(north south east west sun river mountain green blue silver maple cedar harbor bridge stone crystal pacific atlas orion vega
    sakura fuji asahi hikari mirai shinwa daiichi nihon kansai tokai);
my @endings = qw(works trading systems foods logistics school clinic design software bank travel motors paper electric consulting);
my @tops = qw(example example example test example.com example.jp example.net example.org);
my @providers = qw(freemail.example postbox.example);
my @roles = qw(info sales support office contact);

srand 20260401;
my (@domains, %domain);
while (@domains < 220) {
    my $domain = pick(@beginnings) . pick('', '', '-') . pick(@endings) . '.' . pick(@tops);
    push @domains, $domain unless $domain{$domain}++;
}

# [first, last], one in two Japanese
sub person { return rand() < 0.5 ? [pick(@japanese_first), pick(@japanese_last)] : [pick(@western_first), pick(@western_last)] }

sub local_of {
    my ($first, $last) = @{$_[0]};
    my $habit = rand;
    return $habit < 0.35 ? "$first.$last"
        : $habit < 0.47 ? substr($first, 0, 1) . ".$last"
        : $habit < 0.55 ? "$last.$first"
        : $habit < 0.68 ? $last
        : $habit < 0.76 ? "$first$last"
        : $habit < 0.81 ? "${first}_$last"
        : $habit < 0.85 ? "$first-$last"
        : $habit < 0.93 ? $last . (1 + int rand 99)
        : $habit < 0.97 ? $first
        :                 pick(@roles);
}

sub domain_of { return rand() < 0.33 ? pick(@providers) : $domains[int(@domains * rand() ** 1.5)] }

my (@people, %known);
while (@people < $addresses) {
    my $person = person();
    my $address = local_of($person) . '@' . domain_of();
    push @people, {name => "\u$person->[0] \u$person->[1]", person => $person, address => $address} unless $known{$address}++;
}

sub make_index {
    my $folder = shift;
    for my $path ($folder, map { "$folder/$_" } qw(cur new tmp)) {
        mkdir $path or $!{EEXIST} or die "$path: $!\n";
    }
    my @months = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);
    my $number = 0;
    my $most = $addresses > 10_000 ? 2 : 6;
    for my $one (@people) {
        my $them = "$one->{name} <$one->{address}>";
        my $mails = 1 + int($most * rand() ** 2);
        for my $i (0 .. $mails - 1) {
            my $sent = $mails > 1 ? $i % 2 : rand() < 0.3;
            my ($from, $to) = $sent ? ('You <you@example.org>', $them) : ($them, 'You <you@example.org>');
            my @t = gmtime(1_735_689_600 + int rand(400 * 86400));
            open my $file, '>', "$folder/cur/" . ++$number . ':2,S' or die "$folder: $!\n";
            printf $file "From: %s\nTo: %s\nDate: %02d %s %d %02d:%02d:%02d +0000\nSubject: mail %d\nMessage-ID: <%d\@example.org>\n\nHello.\n",
                $from, $to, $t[3], $months[$t[4]], 1900 + $t[5], @t[2, 1, 0], $number, $number or die "$folder: $!\n";
            close $file or die "$folder: $!\n";
        }
    }
}

my %beside = qw(q wa w qase e wsdr r edft t rfgy y tghu u yhji i ujko o iklp p ol a qwsz s awedxz d serfcx f drtgvc g ftyhbv h gyujnb j huikmn
    k jiolm l kop z asx x zsdc c xdfv v cfgb b vghn n bhjm m njk);

# One slip of that kind in an address; undef where it isn't possible.
sub slip {
    my ($kind, $address) = @_;
    my @places = grep { substr($address, $_, 1) =~ /[a-z]/ } 0 .. length($address) - 1;
    my $at = pick(@places);
    my $letter = substr $address, $at, 1;
    my $key = substr $beside{$letter}, int rand length $beside{$letter}, 1;
    if ($kind eq 'drop') {
        substr($address, $at, 1) = '';
    } elsif ($kind eq 'beside') {
        substr($address, $at, 1) = $key;
    } elsif ($kind eq 'other') {
        substr($address, $at, 1) = pick(grep { $_ ne $letter } 'a' .. 'z');
    } elsif ($kind eq 'double') {
        substr($address, $at, 1) = $letter x 2;
    } elsif ($kind eq 'stray') {
        substr($address, $at + int rand 2, 0) = $key;
    } elsif ($kind eq 'swap') {
        @places = grep { substr($address, $_, 2) =~ /^([a-z])(?!\1)[a-z]$/ } @places;
        return unless @places;
        $at = pick(@places);
        substr($address, $at, 2) = reverse substr $address, $at, 2;
    } elsif ($kind eq 'single') {
        @places = grep { substr($address, $_, 2) =~ /^([a-z])\1$/ } @places;
        return unless @places;
        substr($address, pick(@places), 1) = '';
    } elsif ($kind eq 'point') {
        @places = grep { substr($address, $_, 1) =~ /[._-]/ } 0 .. length($address) - 1;
        $at = pick(@places);
        my $is_local = $at < index $address, '@';
        my $point = substr $address, $at, 1;
        substr($address, $at, 1) = rand() < 0.6 || !$is_local ? '' : pick(grep { $_ ne $point } qw(. _ -));
    } else {
        $address = slip(pick(qw(drop beside swap double)), $address) // return;
        return slip(pick(qw(drop beside swap double)), $address);
    }
    return $address;
}

sub is_address { return $_[0] =~ /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?@[a-z0-9-]+(?:\.[a-z0-9-]+)+$/ }

sub print_typos {
    my @kinds = map { my ($kind, $weight) = @$_; ($kind) x $weight }
        [drop => 25], [beside => 20], [swap => 17], [point => 10], [double => 8], [stray => 8], [other => 5], [single => 3], [two => 4];
    my %made;
    srand 20260402;
    for (my $made = 0; $made < $argument;) {
        my $one = pick(@people);
        my $kind = pick(@kinds);
        my $typed = slip($kind, $one->{address});
        next if !defined $typed || !is_address($typed) || $known{$typed} || $made{$typed}++;
        print "$typed\t$one->{address}\t$kind\n";
        $made++;
    }
}

sub other {
    my $one = pick(@people);
    my ($local, $domain) = $one->{address} =~ /^(.*)@(.*)$/;
    my $kind = rand;
    return (local_of(person()) . "\@$domain", 'colleague') if $kind < 0.6;
    if ($kind < 0.7) {
        return unless $local =~ s/(\d+)$/$1 + 1 + int rand 3/e || $local =~ s/$/2 + int rand 8/e;
        return ("$local\@$domain", 'number');
    }
    return ("$local\@" . pick(@providers), 'at a provider') if $kind < 0.8;
    if ($kind < 0.9) {
        return unless $local =~ s/^[a-z]\./pick('a' .. 'z') . '.'/e;
        return ("$local\@$domain", 'initial');
    }
    return (pick(@roles) . "\@$domain", 'role');
}

sub print_others {
    my %made;
    srand 20260403;
    for (my $made = 0; $made < $argument;) {
        my ($address, $kind) = other();
        next if !defined $address || $known{$address} || $made{$address}++;
        print "$address\t$kind\n";
        $made++;
    }
}

$what eq 'index' ? make_index($argument) : $what eq 'typos' ? print_typos() : print_others();
