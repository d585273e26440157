<?php

declare(strict_types=1);

namespace Ybb\Export\Auth;

use Ybb\Export\Answer;
use Ybb\Export\Http\Refused;

/**
 * Makes a request that came from outside the user's own: his exports, of his programs.
 */
final class RequestGuard
{
    /**
     * @param array<string, mixed> $request
     * @return array<string, mixed>
     */
    public static function of(array $request, Identity $user): array
    {
        $request['owner'] = $user->id;
        if ($user->programs === null) {
            return $request;
        }
        // the number is handed on that was checked, so that nobody reads it in another way
        $program = self::program($request['program_id'] ?? null);
        if ($program === null) {
            throw Refused::forbidden('program_id must name one of your programs', 'program_id');
        }
        if (!$user->mayExport($program)) {
            throw Refused::forbidden("program $program is not one of yours", 'program_id');
        }
        $request['program_id'] = $program;
        return $request;
    }

    /**
     * Whether an export may read its records again: his programs may be others by now.
     *
     * @param Answer $status of the export, or that there is none
     * @throws Refused
     */
    public static function again(Answer $status, Identity $user): void
    {
        if ($status->isRefusal()) {
            throw Refused::with($status);
        }
        $program = $status->get('metadata', 'program_id');
        if ($user->programs !== null && !(is_int($program) && $user->mayExport($program))) {
            throw Refused::forbidden('the program of this export is not one of yours', 'program_id');
        }
    }

    private static function program(mixed $value): ?int
    {
        if (is_string($value) && preg_match('/^[1-9][0-9]{0,17}$/D', $value) === 1) {
            return (int) $value;
        }
        return is_int($value) && $value > 0 ? $value : null;
    }
}
