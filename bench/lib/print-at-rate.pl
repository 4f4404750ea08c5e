# Prints a file over and over at so many bytes a second, in 50 pieces each. Arguments: file, bytes a second, seconds.
use strict;
use Time::HiRes qw(time sleep);
my ($file, $rate, $seconds) = @ARGV;
open(my $in, '<:raw', $file) or die;
local $/;
my $text = <$in>;
my ($began, $sent, $at) = (time, 0, 0);
$| = 1;
while (time - $began < $seconds) {
  my $due = int((time - $began) * $rate) - $sent;
  while ($due > 0) {
    my $piece = substr($text, $at, $due);
    syswrite(STDOUT, $piece);
    $at = ($at + length $piece) % length $text;
    $sent += length $piece;
    $due -= length $piece;
  }
  sleep(0.02);
}
