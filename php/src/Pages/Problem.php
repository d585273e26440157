<?php

declare(strict_types=1);

namespace Ybb\Export\Pages;

use Ybb\Export\Answer;

/**
 * What went wrong, for a person: the text of its code in his language, and in detail what the answer says, which
 * is English. A user who is no administrator has that of his own mistakes alone (Ybb\Export\Auth\Redaction).
 */
final readonly class Problem
{
    public function __construct(private Texts $texts) {}

    public function of(Answer $answer, string $before = ''): Html
    {
        return $this->told($answer->errorCode(), $answer->text('message'), $before);
    }

    /** @param string $before what goes before the text */
    public function told(string $code, string $message, string $before = ''): Html
    {
        $plain = $this->texts->problem($code);
        if ($plain === null) {
            return Html::all($before, $this->english($message));
        }
        return Html::all($before . $plain, $message === Texts::in('en')->problem($code) ? null : $this->detail($message));
    }

    /** What was noticed on the way, by its code; the library's words have the numbers. */
    public function noticed(string $code, string $message): Html
    {
        $plain = $this->texts->warning($code);
        return $plain === null ? $this->english(ucfirst($message)) : Html::all($plain, $this->detail($message));
    }

    private function detail(string $message): Html
    {
        [$front, $back] = explode('{message}', $this->texts->of('problem.detail'), 2) + [1 => ''];
        return Html::of('span', ['class' => 'detail'], " $front", $this->english($message), $back);
    }

    /** For who has pages read aloud to him. */
    private function english(string $message): Html
    {
        return Html::of('span', ['lang' => $this->texts->language === 'en' ? null : 'en'], $message);
    }
}
