# Redraws the whole screen so many times a second, as a monitor of something would. Arguments: frames a second, seconds.
use strict;
use Time::HiRes qw(time sleep);
my ($rate, $seconds) = @ARGV;
my $began = time;
$| = 1;
for (my $n = 0; time - $began < $seconds; $n++) {
  my $frame = "\e[H";
  for my $row (1 .. 23) {
    my $busy = ($n * 7 + $row * 13) % 40;
    $frame .= sprintf("\e[3%dm%5d\e[0m worker-%02d  \e[7m%-40s\e[0m %6.2f %%\e[K\r\n", $row % 7 + 1, $n + $row, $row, '#' x $busy, $busy * 2.5);
  }
  syswrite(STDOUT, $frame);
  my $wait = $began + ($n + 1) / $rate - time;
  sleep($wait) if $wait > 0;
}
