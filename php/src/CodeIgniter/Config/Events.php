<?php

declare(strict_types=1);

namespace Ybb\Export\CodeIgniter\Config;

use CodeIgniter\Events\Events;
use Ybb\Export\CodeIgniter\Security\FormToken;

// before filters, for CodeIgniter's own may look for the token
Events::on('pre_system', FormToken::rename(...));
