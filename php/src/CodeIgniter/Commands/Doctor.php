<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Commands;

use CodeIgniter\CLI\BaseCommand;
use CodeIgniter\CLI\CLI;
use Ybb\Export\CodeIgniter\Doctor\Checkup;
use Ybb\Export\CodeIgniter\Doctor\Finding;
use Ybb\Export\CodeIgniter\Doctor\Health;
use Ybb\Export\CodeIgniter\Words;

/**
 * Looks at everything that exports need, and says what to do.
 */
final class Doctor extends BaseCommand
{
    private const COLORS = ['good' => 'green', 'doubtful' => 'yellow', 'bad' => 'red'];

    protected $group = 'YbbExport';
    protected $name = 'ybbexport:doctor';
    protected $description = 'Tells what keeps exports from working, and what to do about it.';

    /** @param array<array-key, null|string> $params */
    public function run(array $params): int
    {
        $bad = 0;
        foreach ((new Checkup())->findings() as $finding) {
            $this->show($finding);
            $bad += $finding->health === Health::Bad ? 1 : 0;
        }
        CLI::newLine();
        CLI::write(Words::of($bad === 0 ? 'doctor.well' : 'doctor.ill', [$bad]), $bad === 0 ? 'green' : 'red');
        CLI::write(Words::of('doctor.fpm'));
        return $bad === 0 ? EXIT_SUCCESS : EXIT_ERROR;
    }

    private function show(Finding $finding): void
    {
        $health = $finding->health->value;
        $word = CLI::color(str_pad(Words::of("doctor.$health"), 10), self::COLORS[$health]);
        CLI::write($word . Words::of("doctor.about.$finding->about") . ": $finding->what");
        if ($finding->remedy !== '') {
            CLI::write(str_repeat(' ', 10) . "-> $finding->remedy");
        }
    }
}
